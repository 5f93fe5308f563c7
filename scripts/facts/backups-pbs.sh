#!/bin/sh
# Snapshots on a Proxmox Backup Server: one row a snapshot. Needs proxmox-backup-client with PBS_REPOSITORY and PBS_PASSWORD set, and jq.
set -eu
. "$(dirname "$0")/json.sh"

snapshots=$(proxmox-backup-client snapshot list --output-format json)

# One without a size has not ended, or cannot be read: it is no backup yet.
printf '%s\n' "$snapshots" | jq -c --arg host "$host" '
  .[] | select(.size != null) | {
    kind: "pbs",
    vmid: (if ."backup-type" == "host" then null else ."backup-id" | tonumber? // null end),
    name: ."backup-id",
    time: (."backup-time" | todate),
    bytes: .size,
    verified: (.verification.state? == "ok"),
    host: $host
  }'
