#!/bin/sh
# Disks and what SMART thinks of them: one row a disk. Needs smartctl (smartmontools) and root.
set -eu

host=$(hostname -s)

smartctl --scan | while read -r device _; do
  # smartctl's exit status holds warnings as bits, so only its words count.
  health=$(smartctl -H "$device" | sed -n 's/.*\(test result\|Health Status\): *//p' | head -n 1) || true
  case $health in PASSED | OK) ok=true ;; *) ok=false ;; esac
  printf '{"disk":"%s","health":"%s","ok":%s,"host":"%s"}\n' "$device" "${health:-unknown}" "$ok" "$host"
done
