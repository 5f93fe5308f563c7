#!/usr/bin/env bash
echo "D131 catalog-freshness-lock: Lanekeeper evaluates this gate, this script only names it"
