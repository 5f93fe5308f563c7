#!/bin/sh
# Archives of a borg repository: one row an archive. Needs borg with BORG_REPO and BORG_PASSCOMMAND set, and jq.
set -eu

host=$(hostname -s)

TZ=UTC borg list --json | jq -c --arg host "$host" '
  .archives[] | {
    kind: "borg",
    name: .archive,
    time: (.start | sub("\\.[0-9]+$"; "") + "Z"),
    host: $host
  }'
