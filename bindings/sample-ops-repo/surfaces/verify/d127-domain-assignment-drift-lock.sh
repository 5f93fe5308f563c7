#!/usr/bin/env bash
echo "D127 domain-assignment-drift-lock: Lanekeeper evaluates this gate, this script only names it"
