#!/usr/bin/env bash
echo "D51 caddy-proto-lock: Lanekeeper evaluates this gate, this script only names it"
