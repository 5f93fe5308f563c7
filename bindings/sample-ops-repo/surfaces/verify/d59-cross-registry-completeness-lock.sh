#!/usr/bin/env bash
echo "D59 cross-registry-completeness-lock: Lanekeeper evaluates this gate, this script only names it"
