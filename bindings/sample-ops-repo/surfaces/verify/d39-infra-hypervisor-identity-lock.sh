#!/usr/bin/env bash
echo "D39 infra-hypervisor-identity-lock: Lanekeeper evaluates this gate, this script only names it"
