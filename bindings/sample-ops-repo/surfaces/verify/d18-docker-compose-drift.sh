#!/usr/bin/env bash
echo "D18 docker-compose-drift: Lanekeeper evaluates this gate, this script only names it"
