#!/usr/bin/env bash
echo "D96 evidence-retention-policy-lock: Lanekeeper evaluates this gate, this script only names it"
