#!/usr/bin/env bash
echo "D137 infra-capability-metadata-parity: Lanekeeper evaluates this gate, this script only names it"
