#!/usr/bin/env bash
echo "D128 gate-registration-contract-lock: Lanekeeper evaluates this gate, this script only names it"
