#!/usr/bin/env bash
echo "D130 boundary-authority-lock: Lanekeeper evaluates this gate, this script only names it"
