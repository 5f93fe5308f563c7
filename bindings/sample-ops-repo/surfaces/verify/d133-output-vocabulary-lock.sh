#!/usr/bin/env bash
echo "D133 output-vocabulary-lock: Lanekeeper evaluates this gate, this script only names it"
