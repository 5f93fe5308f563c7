#!/bin/sh
# Archives of a borg repository: one row an archive. Needs borg with BORG_REPO and BORG_PASSCOMMAND set, and jq.
set -eu
. "$(dirname "$0")/json.sh"

archives=$(TZ=UTC borg list --json)

# borg 1 writes local time, which is UTC here, borg 2 adds the offset.
printf '%s\n' "$archives" | jq -c --arg host "$host" '
  .archives[] | {
    kind: "borg",
    name: (.name // .archive),
    time: (.start | sub("\\.[0-9]+"; "") | sub("\\+00:00$"; "Z") | if test("(Z|[+-][0-9:]+)$") then . else . + "Z" end),
    host: $host
  }'
