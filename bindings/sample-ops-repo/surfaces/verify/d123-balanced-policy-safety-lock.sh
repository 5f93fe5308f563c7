#!/usr/bin/env bash
echo "D123 balanced-policy-safety-lock: Lanekeeper evaluates this gate, this script only names it"
