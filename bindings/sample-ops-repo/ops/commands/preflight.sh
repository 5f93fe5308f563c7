# Sourced by bin/ops: says where the session starts from.
source "$root/ops/lib/governance.sh"
source "$root/ops/lib/registry.sh"

echo "rules $(compute_governance_hash), map $(compute_map_hash), documents $(count_governance_docs)"
check_secrets_cache
"$root/ops/plugins/verify/bin/drift-gates-certify" list
