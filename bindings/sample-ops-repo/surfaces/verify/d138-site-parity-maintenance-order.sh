#!/usr/bin/env bash
echo "D138 site-parity-maintenance-order: Lanekeeper evaluates this gate, this script only names it"
