#!/usr/bin/env bash
echo "D58 ssot-freshness-lock: Lanekeeper evaluates this gate, this script only names it"
