#!/usr/bin/env bash
echo "D24 github-labels-drift: Lanekeeper evaluates this gate, this script only names it"
