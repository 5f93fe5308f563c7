#!/usr/bin/env bash
echo "D132 mutation-atomicity-lock: Lanekeeper evaluates this gate, this script only names it"
