#!/usr/bin/env bash
echo "D35 infra-relocation-parity-lock: Lanekeeper evaluates this gate, this script only names it"
