#!/bin/sh
# What the other scripts here share: the host's name, and text as JSON. They read it with `.`; it prints nothing by itself.
# Their commands run by themselves, not in a pipe: a command that fails ends the script, and never looks like an empty list.

# The words that are looked for are English ones, and bytes are bytes.
export LC_ALL=C
# FACTS_HOST names the machine that the facts are about, where it is another one: the NAS whose share is mounted here, a backup server.
node=$(uname -n)
host=${FACTS_HOST:-${node%%.*}}
export host

# For awk: json(text) is a JSON string, number(text) a JSON number or null. awk has no ord(), hence the table.
# shellcheck disable=SC2034
JSON='
  BEGIN { for (code = 1; code < 32; code++) control[sprintf("%c", code)] = sprintf("\\u%04x", code) }
  function json(text,   written, place, letter) {
    for (place = 1; place <= length(text); place++) {
      letter = substr(text, place, 1)
      if (letter == "\\" || letter == "\"") letter = "\\" letter
      else if (letter in control) letter = control[letter]
      written = written letter
    }
    return "\"" written "\""
  }
  function number(text) { return text ~ /^(0|[1-9][0-9]*)(\.[0-9]+)?$/ ? text : "null" }
'

# json TEXT: the text as a JSON string.
json() {
  text=$1 awk "$JSON"'BEGIN { printf "%s", json(ENVIRON["text"]) }'
}
