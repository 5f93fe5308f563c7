#!/usr/bin/env bash
echo "D21 entry-file-copies: retired, see D124"
