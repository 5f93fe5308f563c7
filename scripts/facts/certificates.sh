#!/bin/sh
# Certificates and when they expire: one row a certificate. Name files, of which each may hold several, or host:port of servers. Needs openssl.
set -eu
. "$(dirname "$0")/json.sh"

[ "$#" -gt 0 ] || { echo 'certificates: name files, or host:port of servers' >&2; exit 1; }
command -v openssl >/dev/null || { echo 'certificates: openssl is missing here' >&2; exit 1; }

for place in "$@"; do
  if [ -f "$place" ]; then
    pem=$(cat "$place")
  else
    # A server shows its own certificate first; the rest of its chain is not its own to renew.
    pem=$(openssl s_client -connect "$place" -servername "${place%:*}" </dev/null 2>/dev/null | openssl x509) || pem=''
  fi
  count=$(printf '%s\n' "$pem" | grep -c '^-----BEGIN .*CERTIFICATE-----') ||
    { echo "certificates: $place has no certificate that can be read" >&2; exit 1; }
  number=0
  while [ "$number" -lt "$count" ]; do
    number=$((number + 1))
    one=$(printf '%s\n' "$pem" | awk -v number="$number" '/^-----BEGIN .*CERTIFICATE-----/ { seen++ } seen == number')
    words=$(printf '%s\n' "$one" | openssl x509 -noout -subject -nameopt RFC2253 -enddate) ||
      { echo "certificates: certificate $number in $place cannot be read" >&2; exit 1; }
    # subject=CN=pve and notAfter=Jan  5 09:12:33 2027 GMT; not every date understands the latter.
    printf '%s\n' "$words" | place=$place awk "$JSON"'
      sub(/^subject= */, "") { subject = $0 }
      sub(/^notAfter=/, "") {
        month = index("JanFebMarAprMayJunJulAugSepOctNovDec", $1)
        if (!month || NF != 5 || $5 != "GMT") { print "certificates: not as openssl writes a date: " $0 | "cat >&2"; exit 1 }
        expires = sprintf("%04d-%02d-%02dT%sZ", $4, (month + 2) / 3, $2, $3)
      }
      END { if (expires) printf "{\"certificate\":%s,\"subject\":%s,\"expires\":\"%s\"}\n", json(ENVIRON["place"]), json(subject), expires }'
  done
done
