#!/usr/bin/env bash
echo "D139 nas-baseline-coverage: Lanekeeper evaluates this gate, this script only names it"
