# shellcheck shell=bash
# lab.sh: a lab in simulated time: sourced first, it takes the test into such a machine, by t/simulate
#
# There nothing takes time but what waits: what happens at once has the same time, to some tens of
# microseconds, on the wire, in the log and here.  So wait with sleep, not by asking again and again,
# which is work, and that is paid for with real time.
#
#     log_follow NODE             its log's lines have times from now on
#     log_us NODE PATTERN         of the last one that matches
#     wire_follow NODE            from now on what of BGP and BFD goes over its interfaces is told
#     packets NODE [PATTERN]      those that match, a line each: "MICROSECONDS SOURCE DESTINATION WHAT",
#                                 see packets.py
#     packet_near NODE PATTERN US one went by at that time, by a millisecond
#     cut_off NODE, mend NODE     nothing that it sends leaves it; the links stay up
#     between WORDS N LEAST MOST  both included; a number of microseconds, say
#
# shellcheck source=t/lib.sh
# shellcheck source=t/routers.sh
SIMULATED_TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [[ -z ${SIMULATED:-} ]]; then
	export MLBGPD=${MLBGPD:-${SIMULATED_TESTS%/t/*}/build-simulate/mlbgpd}
	exec "${SIMULATED_TESTS%/*}/simulate" --run "$(realpath "$0")"
fi
. "${SIMULATED_TESTS%/*}/lib.sh"
. "${SIMULATED_TESTS%/*}/routers.sh"

log_follow() {
	# shellcheck disable=SC2016
	spawn "$1.times" "$1" bash -c 'tail -n +1 -f "$1" | while IFS= read -r line; do
		echo "${EPOCHREALTIME/./} $line"
	done' sh "$LAB/$1.log"
}

log_us() { grep -E -- "$2" "$LAB/$1.times.log" | tail -n 1 | cut -d ' ' -f 1; }

wire_follow() {
	spawn "$1.wire" "$1" python3 -IS "$SIMULATED_TESTS/packets.py"
	wait_for 20 grep -q listening "$LAB/$1.wire.log" || bail_out "$1's wire is not followed"
}
packets() { grep -E -- "${2:-.}" "$LAB/$1.wire.log"; }
packet_near() {
	packets "$1" "$2" | awk -v us="$3" '{ print } $1 >= us - 1000 && $1 <= us + 1000 { found = 1 }
		END { exit !found }'
}

cut_off() {
	in_node "$1" nft -f - <<-END
		table inet cut { chain out { type filter hook output priority 0; oifname != "lo" drop; }; }
	END
}
mend() { in_node "$1" nft delete table inet cut; }

between() {
	if [[ $2 =~ ^-?[0-9]+$ ]] && (($2 >= $3 && $2 <= $4)); then
		ok "$1: $2"
	else
		not_ok "$1"
		note "got ${2:-nothing}, wanted $3 to $4"
	fi
}

# peer_start NODE ADDRESS ASN STEP...: a scripted neighbour, see peer.py
peer_start() {
	local node=$1
	shift
	spawn "$node" "$node" python3 -IS "$SIMULATED_TESTS/peer.py" "$@"
	wait_for 20 grep -q ready "$LAB/$node.log" || bail_out "$node's peer does not start"
}
