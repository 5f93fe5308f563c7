#!/usr/bin/env bash
echo "D63 capabilities-metadata-lock: Lanekeeper evaluates this gate, this script only names it"
