#!/usr/bin/env bash
echo "D14 cloudflare-drift-gate: Lanekeeper evaluates this gate, this script only names it"
