#!/usr/bin/env bash
# Stand-in: the sample needs this program to exist, not to work.
echo "test-consumers-registry.sh: nothing to do in the sample repo"
