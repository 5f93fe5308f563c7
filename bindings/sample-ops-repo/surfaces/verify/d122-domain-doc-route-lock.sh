#!/usr/bin/env bash
echo "D122 domain-doc-route-lock: Lanekeeper evaluates this gate, this script only names it"
