#!/usr/bin/env bash
echo "D15 github-actions-drift-gate: Lanekeeper evaluates this gate, this script only names it"
