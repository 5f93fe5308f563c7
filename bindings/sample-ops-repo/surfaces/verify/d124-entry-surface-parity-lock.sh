#!/usr/bin/env bash
echo "D124 entry-surface-parity-lock: Lanekeeper evaluates this gate, this script only names it"
