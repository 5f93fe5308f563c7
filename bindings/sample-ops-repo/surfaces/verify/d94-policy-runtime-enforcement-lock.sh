#!/usr/bin/env bash
echo "D94 policy-runtime-enforcement-lock: Lanekeeper evaluates this gate, this script only names it"
