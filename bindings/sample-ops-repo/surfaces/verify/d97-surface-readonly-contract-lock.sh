#!/usr/bin/env bash
echo "D97 surface-readonly-contract-lock: Lanekeeper evaluates this gate, this script only names it"
