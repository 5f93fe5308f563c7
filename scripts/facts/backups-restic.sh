#!/bin/sh
# Snapshots of a restic repository: one row a snapshot. Needs restic with RESTIC_REPOSITORY and RESTIC_PASSWORD_FILE set, and jq.
set -eu

restic snapshots --json --no-lock | jq -c '
  .[] | {
    kind: "restic",
    name: ((.tags // []) + [.paths[0]] | .[0]),
    host: .hostname,
    time: (.time | sub("\\.[0-9]+"; "") | sub("\\+00:00$"; "Z")),
    bytes: (.summary.total_bytes_processed // null),
    id: .short_id
  }'
