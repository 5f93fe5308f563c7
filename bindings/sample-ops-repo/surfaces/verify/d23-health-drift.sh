#!/usr/bin/env bash
echo "D23 health-drift: Lanekeeper evaluates this gate, this script only names it"
