#!/bin/sh
# Disks and what SMART thinks of them: one row a disk. Needs smartctl (smartmontools) and root.
set -eu
. "$(dirname "$0")/json.sh"

disks=$(smartctl --scan)

# DEVICE -d TYPE # …: a type with a comma, such as megaraid,8, tells disks behind one controller apart. smartctl finds out any other by itself.
printf '%s\n' "$disks" | while read -r device _ type _; do
  case $device in /*) ;; *) continue ;; esac
  case $type in *,*) disk="$device $type" ;; *) disk=$device type='' ;; esac
  # smartctl's exit status holds warnings as bits, so only its words count.
  words=$(smartctl -H ${type:+-d "$type"} "$device") || true
  health=$(printf '%s\n' "$words" | sed -n 's/.*\(test result\|Health Status\): *//p' | head -n 1)
  case $health in PASSED | OK) ok=true ;; *) ok=false ;; esac
  printf '{"disk":%s,"health":%s,"ok":%s,"host":%s}\n' "$(json "$disk")" "$(json "${health:-unknown}")" "$ok" "$(json "$host")"
done
