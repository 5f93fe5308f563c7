#!/bin/sh
# ZFS pools and how they are: one row a pool. Needs zpool.
set -eu
. "$(dirname "$0")/json.sh"

pools=$(zpool list -H -p -o name,health,capacity,size,free)

# A pool that cannot be opened has "-" for its numbers.
printf '%s\n' "$pools" | awk -F '\t' "$JSON"'
  NF == 0 { next }
  NF != 5 { print "pools: not as zpool lists pools: " $0 | "cat >&2"; exit 1 }
  {
    printf "{\"pool\":%s,\"health\":%s,\"ok\":%s,", json($1), json($2), $2 == "ONLINE" ? "true" : "false"
    printf "\"used_percent\":%s,\"bytes\":%s,\"free\":%s,\"host\":%s}\n", number($3), number($4), number($5), json(ENVIRON["host"])
  }'
