#!/bin/sh
# vzdump archives that lie in folders: one row an archive, with when it was made and its size in bytes.
# Name the folders, such as /var/lib/vz/dump or the mounted NAS. Needs GNU stat, as on any Proxmox host.
set -eu

[ "$#" -gt 0 ] || set -- /var/lib/vz/dump
host=$(hostname -s)

for folder in "$@"; do
  [ -d "$folder" ] || { echo "backups-vzdump: $folder is not a folder (is the NAS mounted?)" >&2; exit 1; }
  for archive in "$folder"/vzdump-*; do
    # vzdump-qemu-200-2026_02_18-03_00_01.vma.zst; logs and notes lie beside it.
    case $archive in *.vma | *.vma.* | *.tar | *.tar.*) ;; *) continue ;; esac
    case $archive in *.notes | *.log | *.dat | *.tmp) continue ;; esac
    name=${archive##*/}
    # The name's time is local; when the file was last written is not, so that decides.
    stat -c '%Y %s' "$archive" | {
      read -r seconds bytes
      vmid=$(printf '%s\n' "$name" | sed -n 's/^vzdump-[a-z]*-\([0-9]*\)-.*/\1/p')
      [ -n "$vmid" ] || exit 0
      time=$(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ)
      printf '{"kind":"vzdump","vmid":%s,"time":"%s","bytes":%s,"file":"%s","folder":"%s","host":"%s"}\n' \
        "$vmid" "$time" "$bytes" "$name" "$folder" "$host"
    }
  done
done
