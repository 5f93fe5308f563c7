#!/bin/sh
# Which guests there are on this Proxmox host and whether they run: one row a VM or container. Needs qm and pct, as on any Proxmox host.
set -eu
. "$(dirname "$0")/json.sh"

vms=$(qm list)
containers=$(pct list)

# VMID NAME STATUS MEM BOOTDISK PID. Counted from the right, since a VM that nobody named is listed as "VM 200".
printf '%s\n' "$vms" | awk "$JSON"'
  NR == 1 ? NF > 0 && $1 != "VMID" : NF < 6 || $1 !~ /^[0-9]+$/ { print "guests: not as qm lists VMs: " $0 | "cat >&2"; exit 1 }
  NR > 1 {
    name = $2
    for (field = 3; field <= NF - 4; field++) name = name " " $field
    printf "{\"vmid\":%d,\"name\":%s,\"kind\":\"vm\",\"status\":%s,\"host\":%s}\n", $1, json(name), json($(NF - 3)), json(ENVIRON["host"])
  }'

# VMID Status Lock Name: the lock is mostly empty, so the name is the last field.
printf '%s\n' "$containers" | awk "$JSON"'
  NR == 1 ? NF > 0 && $1 != "VMID" : NF < 2 || $1 !~ /^[0-9]+$/ { print "guests: not as pct lists containers: " $0 | "cat >&2"; exit 1 }
  NR > 1 {
    name = NF > 2 ? $NF : ""
    printf "{\"vmid\":%d,\"name\":%s,\"kind\":\"ct\",\"status\":%s,\"host\":%s}\n", $1, json(name), json($2), json(ENVIRON["host"])
  }'
