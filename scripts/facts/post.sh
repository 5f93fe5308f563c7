#!/bin/sh
# Posts facts about this machine to Lanekeeper. Each argument is a table and the command that prints its rows, one JSON object a line:
#
#   post.sh 'guests=./guests.sh' 'backups=./backups-vzdump.sh && FACTS_HOST=nas ./backups-vzdump.sh /mnt/nas/dump' 'pools=./pools.sh'
#
# LANEKEEPER_URL       where the Worker answers, such as https://lanekeeper.you.workers.dev
# LANEKEEPER_REPO      the ops repo, owner/name
# LANEKEEPER_KEY_FILE  a file that holds the repository's results key and that only you can read
# LANEKEEPER_RUNNER    who is posting; the host's name when unset
# LANEKEEPER_TIMEOUT   seconds that the commands of one table may take; 300 when unset
#
# A table whose commands fail or take longer is left out and named; the others are posted, and the exit status is 1.
# Needs curl and openssl.
set -eu

: "${LANEKEEPER_URL:?set it to where the Worker answers}" "${LANEKEEPER_REPO:?set it to owner/name}"
: "${LANEKEEPER_KEY_FILE:?set it to the file with the results key}"
cd "$(dirname "$0")"
. ./json.sh
runner=${LANEKEEPER_RUNNER:-$host}
seconds_each=${LANEKEEPER_TIMEOUT:-300}
key=$(cat "$LANEKEEPER_KEY_FILE")
[ -n "$key" ] || { echo "post: $LANEKEEPER_KEY_FILE is empty" >&2; exit 1; }

# limited COMMAND: runs it within its time. It is killed then, since what waits for a dead NAS hears nothing else.
limited() {
  if timeout -s KILL 9 true 2>/dev/null; then
    timeout -s KILL "$seconds_each" sh -c "$1" </dev/null
  else
    # Without such a timeout, what the command started may live on. It holds nothing up.
    sh -c "$1" </dev/null &
    command=$!
    { sleep "$seconds_each" && kill -9 "$command"; } >/dev/null 2>&1 &
    watch=$!
    status=0
    wait "$command" || status=$?
    kill "$watch" 2>/dev/null || true
    return "$status"
  fi
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
tables=''
for argument in "$@"; do
  table=${argument%%=*}
  case $tables in *"$(json "$table"):"*) echo "post: $table is named twice; join its commands with &&" >&2; exit 1 ;; esac
  at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  if limited "${argument#*=}" >"$scratch/rows"; then
    rows=$(sed '/^[[:space:]]*$/d' "$scratch/rows" | paste -s -d , -)
    tables="$tables${tables:+,}$(json "$table"):{\"at\":\"$at\",\"rows\":[$rows]}"
  else
    case $? in 137) why="took over $seconds_each s" ;; *) why=failed ;; esac
    echo "post: ${argument#*=} $why, so $table is not posted" >&2
    failed=1
  fi
done
[ -n "$tables" ] || { echo 'post: there is nothing to post' >&2; exit 1; }

at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
printf '{"schemaVersion":1,"sha":null,"at":"%s","runner":%s,"results":[],"facts":{%s}}' "$at" "$(json "$runner")" "$tables" >"$scratch/body"
seconds=$(date +%s)
# openssl takes the key as an argument only: whoever may list root's processes on this host could see it for a moment.
signature=$({ printf '%s.' "$seconds"; cat "$scratch/body"; } |
  openssl dgst -sha256 -mac HMAC -macopt "key:$key" | sed 's/.*= *//')
status=$(curl --silent --show-error --max-time 60 --retry 3 --output "$scratch/answer" --write-out '%{http_code}' \
  --header 'content-type: application/json' \
  --header "x-lanekeeper-signature: t=$seconds,v1=$signature" \
  --data-binary "@$scratch/body" \
  "$LANEKEEPER_URL/api/repos/$LANEKEEPER_REPO/results")
case $status in
  2?? | 409) ;; # 409: a try before this one arrived, only its answer did not.
  *) echo "post: $LANEKEEPER_URL answered $status: $(cat "$scratch/answer")" >&2; exit 1 ;;
esac
exit "$failed"
