#!/usr/bin/env bash
echo "D67 capability-map-lock: Lanekeeper evaluates this gate, this script only names it"
