#!/usr/bin/env bash
echo "D91 aof-product-foundation-lock: Lanekeeper evaluates this gate, this script only names it"
