# Figures for the start banner. Sourced, never run by itself.
compute_governance_hash() { cat "$root"/docs/governance/*.md | git hash-object --stdin | cut -c1-8; }
compute_map_hash() { git hash-object "$root/ops/bindings/capability_map.yaml" | cut -c1-8; }
count_governance_docs() { find "$root/docs/governance" -name '*.md' | wc -l; }
check_secrets_cache() { echo "secrets: not consulted in the sample"; }
