#!/bin/bash
# 21-costs: what a changed field of a session costs, counted at a router (costs.sh)
. "${0%/*}/lib.sh"
. "$T/routers.sh"
. "$T/costs.sh"
costs_lab

costs_run < <(rows | grep -E '^peer | RESTART$' | grep -E "${1:-}")
finish
