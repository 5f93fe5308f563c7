#!/usr/bin/env bash
echo "D69 vm-creation-governance-lock: Lanekeeper evaluates this gate, this script only names it"
