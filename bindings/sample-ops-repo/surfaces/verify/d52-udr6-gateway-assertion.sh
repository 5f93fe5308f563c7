#!/usr/bin/env bash
echo "D52 udr6-gateway-assertion: Lanekeeper evaluates this gate, this script only names it"
