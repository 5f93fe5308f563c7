#!/usr/bin/env bash
echo "D57 infra-identity-cohesion-lock: Lanekeeper evaluates this gate, this script only names it"
