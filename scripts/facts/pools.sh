#!/bin/sh
# ZFS pools and how they are: one row a pool. Needs zpool.
set -eu

host=$(hostname -s)

zpool list -H -p -o name,health,capacity,size,free | awk -F '\t' -v host="$host" '{
  printf "{\"pool\":\"%s\",\"health\":\"%s\",\"used_percent\":%d,\"bytes\":%s,\"free\":%s,\"host\":\"%s\"}\n", $1, $2, $3, $4, $5, host
}'
