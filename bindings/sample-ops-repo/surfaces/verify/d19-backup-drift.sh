#!/usr/bin/env bash
echo "D19 backup-drift: Lanekeeper evaluates this gate, this script only names it"
