#!/bin/sh
# Which guests run on this Proxmox host: one row a VM or container. Needs qm and pct, as on any Proxmox host.
set -eu

host=$(hostname -s)

# VMID NAME STATUS …: a name without blanks, as Proxmox enforces.
qm list | awk -v host="$host" 'NR > 1 {
  printf "{\"vmid\":%d,\"name\":\"%s\",\"kind\":\"vm\",\"status\":\"%s\",\"host\":\"%s\"}\n", $1, $2, $3, host
}'

# VMID Status Lock Name: the lock is mostly empty, so the name is the last field.
pct list | awk -v host="$host" 'NR > 1 {
  printf "{\"vmid\":%d,\"name\":\"%s\",\"kind\":\"ct\",\"status\":\"%s\",\"host\":\"%s\"}\n", $1, $NF, $2, host
}'
