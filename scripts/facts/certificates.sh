#!/bin/sh
# Certificates and when they expire: one row a certificate. Name files, or host:port of servers. Needs openssl and GNU date.
set -eu

for place in "$@"; do
  case $place in
    /*) end=$(openssl x509 -noout -enddate -in "$place") ;;
    *) end=$(openssl s_client -connect "$place" -servername "${place%:*}" </dev/null 2>/dev/null | openssl x509 -noout -enddate) ;;
  esac || { echo "certificates: $place has no certificate that can be read" >&2; exit 1; }
  expires=$(date -u -d "${end#notAfter=}" +%Y-%m-%dT%H:%M:%SZ)
  printf '{"certificate":"%s","expires":"%s"}\n' "$place" "$expires"
done
