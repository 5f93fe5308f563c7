#!/usr/bin/env bash
echo "D134 topology-metadata-quality-lock: Lanekeeper evaluates this gate, this script only names it"
