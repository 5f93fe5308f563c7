#!/usr/bin/env bash
echo "D115 ha-ssot-baseline-freshness: Lanekeeper evaluates this gate, this script only names it"
