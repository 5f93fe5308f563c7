#!/usr/bin/env bash
echo "D116 mailroom-bridge-consumers-registry-lock: Lanekeeper evaluates this gate, this script only names it"
