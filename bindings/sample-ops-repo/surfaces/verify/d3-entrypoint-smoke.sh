#!/usr/bin/env bash
echo "D3 entrypoint-smoke: Lanekeeper evaluates this gate, this script only names it"
