#!/bin/sh
# Snapshots on a Proxmox Backup Server: one row a snapshot. Needs proxmox-backup-client with PBS_REPOSITORY and PBS_PASSWORD set, and jq.
set -eu

host=$(hostname -s)

proxmox-backup-client snapshot list --output-format json | jq -c --arg host "$host" '
  .[] | {
    kind: "pbs",
    vmid: (.["backup-id"] | tonumber? // null),
    name: .["backup-id"],
    time: (.["backup-time"] | todate),
    bytes: (.size // null),
    verified: (.verification.state == "ok"),
    host: $host
  }'
