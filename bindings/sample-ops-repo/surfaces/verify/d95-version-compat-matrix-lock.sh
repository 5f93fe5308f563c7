#!/usr/bin/env bash
echo "D95 version-compat-matrix-lock: Lanekeeper evaluates this gate, this script only names it"
