#!/usr/bin/env bash
echo "D136 lifecycle-hygiene: Lanekeeper evaluates this gate, this script only names it"
