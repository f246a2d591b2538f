#!/bin/bash
# 27-costs-routes: what a changed field of any other kind costs, counted at a router (costs.sh)
. "${0%/*}/lib.sh"
. "$T/routers.sh"
. "$T/costs.sh"
costs_lab

costs_run < <(rows | grep -Ev '^peer | RESTART$' | grep -E "${1:-}")
finish
