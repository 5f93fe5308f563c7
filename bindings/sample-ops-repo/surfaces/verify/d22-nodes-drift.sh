#!/usr/bin/env bash
echo "D22 nodes-drift: Lanekeeper evaluates this gate, this script only names it"
