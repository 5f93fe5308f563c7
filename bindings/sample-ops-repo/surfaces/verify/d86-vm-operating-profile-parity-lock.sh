#!/usr/bin/env bash
echo "D86 vm-operating-profile-parity-lock: Lanekeeper evaluates this gate, this script only names it"
