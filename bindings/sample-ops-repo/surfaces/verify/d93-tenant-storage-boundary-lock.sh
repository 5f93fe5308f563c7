#!/usr/bin/env bash
echo "D93 tenant-storage-boundary-lock: Lanekeeper evaluates this gate, this script only names it"
