# Sourced by bin/ops: runs a capability of ops/capabilities.yaml under the tenant's policy.
source "$root/ops/lib/resolve-policy.sh"

# With several sessions at work only proposals may change files.
if [ "${RESOLVED_MULTI_AGENT_WRITES_WHEN_MULTI_SESSION:-proposal-only}" = "proposal-only" ]; then
  OPS_WRITE_MODE=proposal
fi

case "${1:-list}" in
  list) grep -E '^  [a-z].*:$' "$root/ops/capabilities.yaml" ;;
  run) echo "cap: ${2:-?} is not run in the sample (${OPS_WRITE_MODE:-direct})" ;;
esac
