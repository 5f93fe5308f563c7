#!/usr/bin/env bash
echo "D126 workbench-implementation-path-lock: Lanekeeper evaluates this gate, this script only names it"
