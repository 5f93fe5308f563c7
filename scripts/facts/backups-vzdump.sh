#!/bin/sh
# vzdump archives that lie in folders: one row an archive, with when it was made and its size in bytes.
# Name the folders, such as /var/lib/vz/dump or the mounted NAS. Needs GNU stat and date, as on any Proxmox host.
set -eu
. "$(dirname "$0")/json.sh"

[ "$#" -gt 0 ] || set -- /var/lib/vz/dump

for folder in "$@"; do
  if [ ! -d "$folder" ] || [ ! -r "$folder" ]; then
    echo "backups-vzdump: $folder is not a folder that can be read (is the NAS mounted?)" >&2
    exit 1
  fi
  for archive in "$folder"/vzdump-*; do
    name=${archive##*/}
    # vzdump-qemu-200-2026_02_18-03_00_01.vma.zst; logs, notes, marks of protection and what is being written lie beside it.
    case $name in *.vma | *.vma.gz | *.vma.lzo | *.vma.zst | *.tar | *.tar.gz | *.tgz | *.tar.lzo | *.tar.zst) ;; *) continue ;; esac
    parts=$(printf '%s\n' "$name" | sed -n 's/^vzdump-[a-z]*-\([1-9][0-9]*\)-\([0-9]\{4\}\)_\([01][0-9]\)_\([0-3][0-9]\)-\([0-2][0-9]\)_\([0-5][0-9]\)_\([0-5][0-9]\)\..*/\1 \2-\3-\4 \5:\6:\7/p')
    [ -n "$parts" ] || continue
    # One that was pruned just now is gone, and that is no error.
    facts=$(stat -c '%Y %s' "$archive") || { [ ! -e "$archive" ] && continue; exit 1; }
    seconds=${facts% *}
    # The name's time is local time, of another host perhaps: in spring it may be one that this host's clocks leave out.
    named=$(date -d "${parts#* }" +%s 2>/dev/null) || named=$(date -u -d "${parts#* }" +%s) || named=$seconds
    # So when the file was written decides, unless a copy made an old archive look young.
    [ $((seconds - named)) -lt 86400 ] || seconds=$named
    time=$(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ)
    printf '{"kind":"vzdump","vmid":%s,"time":"%s","bytes":%s,"file":%s,"folder":%s,"host":%s}\n' \
      "${parts%% *}" "$time" "${facts#* }" "$(json "$name")" "$(json "$folder")" "$(json "$host")"
  done
done
