# Works out the policy of this session from tenant profile and presets. Sourced, never run by itself.
policy_value() { grep -E "^ +$1:" "$root/ops/bindings/tenant.profile.yaml" | head -n 1 | sed 's/.*: *//'; }

RESOLVED_PRESET="$(policy_value preset)"
RESOLVED_MULTI_AGENT_WRITES_WHEN_MULTI_SESSION="$(policy_value multi_agent_writes_when_multi_session)"
export RESOLVED_PRESET RESOLVED_MULTI_AGENT_WRITES_WHEN_MULTI_SESSION
