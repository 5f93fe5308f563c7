#!/usr/bin/env bash
echo "D50 gitea-ci-workflow-lock: Lanekeeper evaluates this gate, this script only names it"
