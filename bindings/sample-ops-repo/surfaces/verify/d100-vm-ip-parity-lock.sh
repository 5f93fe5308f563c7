#!/usr/bin/env bash
echo "D100 vm-ip-parity-lock: Lanekeeper evaluates this gate, this script only names it"
