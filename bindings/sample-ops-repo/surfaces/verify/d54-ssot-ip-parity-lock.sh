#!/usr/bin/env bash
echo "D54 ssot-ip-parity-lock: Lanekeeper evaluates this gate, this script only names it"
