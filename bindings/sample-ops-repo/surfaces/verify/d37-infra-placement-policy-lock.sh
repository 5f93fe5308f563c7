#!/usr/bin/env bash
echo "D37 infra-placement-policy-lock: Lanekeeper evaluates this gate, this script only names it"
