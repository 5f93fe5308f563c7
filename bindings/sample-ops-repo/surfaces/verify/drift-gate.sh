#!/usr/bin/env bash
# Runs every registered gate script in turn. In the sample those scripts only name their gate.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
for script in "$here"/d[0-9]*-*.sh; do
  bash "$script"
done
