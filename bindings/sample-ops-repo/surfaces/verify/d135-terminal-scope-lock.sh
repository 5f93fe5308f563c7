#!/usr/bin/env bash
echo "D135 terminal-scope-lock: Lanekeeper evaluates this gate, this script only names it"
