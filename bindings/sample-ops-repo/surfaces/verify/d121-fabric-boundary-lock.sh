#!/usr/bin/env bash
echo "D121 fabric-boundary-lock: Lanekeeper evaluates this gate, this script only names it"
