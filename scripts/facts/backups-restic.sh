#!/bin/sh
# Snapshots of a restic repository: one row a snapshot. Needs restic with RESTIC_REPOSITORY and RESTIC_PASSWORD_FILE set, and jq.
set -eu

snapshots=$(restic snapshots --json --no-lock)

# An empty repository is null to some versions. The host is the one that was backed up.
printf '%s\n' "$snapshots" | jq -c '
  (. // [])[] | {
    kind: "restic",
    name: (.tags[0]? // .paths[0]),
    host: .hostname,
    time: (.time | sub("\\.[0-9]+"; "") | sub("\\+00:00$"; "Z")),
    bytes: (.summary.total_bytes_processed? // null),
    id: .short_id
  }'
