# Look-ups in the bindings. Sourced, never run by itself.
binding() { echo "$root/ops/bindings/$1.yaml"; }
