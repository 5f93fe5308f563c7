#!/usr/bin/env bash
echo "D48 codex-worktree-hygiene: Lanekeeper evaluates this gate, this script only names it"
