#!/usr/bin/env bash
echo "D129 spine-schema-conventions-lock: Lanekeeper evaluates this gate, this script only names it"
