# shellcheck shell=bash
# lib.sh: what system tests share: TAP, waiting, and a lab of network namespaces
#
# A test sources it, calls lab_begin, does its checks and ends with finish.  Everything of a lab
# bears the lab's own name: namespaces "mlb-PID-NODE", state below $LAB.  Whatever way the test
# ends, its processes are ended by their pids, and its namespaces and $LAB removed.
#
#     lab_begin               LAB, and the clean-up at the end
#     node NAME...            namespaces, with lo up
#     wire A B                a veth pair: A's end is called B, and B's end A
#     address NODE IF ADDR... with prefix length
#     in_node NODE COMMAND... runs it there
#     spawn TAG NODE COMMAND  starts it there; its output goes to $LAB/TAG.log, its pid to PID[TAG]
#     stop TAG [SIGNAL] [S]   ends it, waits; its exit status is in STATUS
#     wait_for S COMMAND...   polls until COMMAND succeeds, S seconds at the longest
#     ok, not_ok, check, is, like, eventually, refused, finish    one TAP line each

set -u -o pipefail
export LC_ALL=C
T=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034  # for those that source this
TOP=${T%/*}
# apt-get's and routers' places that sudo and cron leave out
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

declare -A PID=()
TESTS=0 FAILED=0 FINISHED=
# shellcheck disable=SC2034
STATUS=
LAB='' LAB_NAME=''

# --- TAP ---------------------------------------------------------------------------------------

note() { printf '# %s\n' "$*"; }

# Lines from stdin as diagnostics.
notes() { sed 's/^/#   /'; }

bail_out() {
	echo "Bail out! $*"
	exit 99
}

ok() { echo "ok $((++TESTS)) - $*"; }

not_ok() {
	echo "not ok $((++TESTS)) - $*"
	FAILED=$((FAILED + 1))
}

# check WORDS COMMAND...: it succeeds
check() {
	local words=$1 out
	shift
	if out=$("$@" 2>&1); then
		ok "$words"
	else
		not_ok "$words"
		note "failed: $*"
		tail -n 15 <<<"$out" | notes
	fi
}

# refused WORDS STATUS PATTERN COMMAND...: it ends with that status and says so
refused() {
	local words=$1 want=$2 pattern=$3 out status=0
	shift 3
	out=$("$@" 2>&1) || status=$?
	if ((status == want)) && grep -Eq -- "$pattern" <<<"$out"; then
		ok "$words"
	else
		not_ok "$words"
		note "ran: $*"
		note "status $status, wanted $want and /$pattern/; it said:"
		tail -n 15 <<<"$out" | notes
	fi
}

# is WORDS GOT WANTED
is() {
	if [[ $2 == "$3" ]]; then
		ok "$1"
	else
		not_ok "$1"
		note "got:    $2"
		note "wanted: $3"
	fi
}

# like WORDS TEXT PATTERN
like() {
	if grep -Eq -- "$3" <<<"$2"; then
		ok "$1"
	else
		not_ok "$1"
		note "no match of: $3"
		tail -n 15 <<<"$2" | notes
	fi
}

# eventually WORDS SECONDS COMMAND...
eventually() {
	local words=$1 out
	shift
	if out=$(wait_for "$@"); then
		ok "$words"
	else
		not_ok "$words"
		echo "$out"
	fi
}

# Ends a test: no process may have left a sanitizer's report.
finish() {
	local reports
	reports=$(grep -lE 'ERROR: (Address|Leak)Sanitizer|runtime error:|: ThreadSanitizer:' "$LAB"/*.log 2>/dev/null)
	is 'no report of a sanitizer' "$reports" ''
	# t/check --valgrind: it speaks only of errors
	reports=$(grep -hE '^==[0-9]+== ' "$LAB"/*.log 2>/dev/null)
	if [[ -n $reports ]]; then
		not_ok 'no report of valgrind'
		notes <<<"$reports"
	fi
	FINISHED=yes
	echo "1..$TESTS"
	exit $((FAILED > 0))
}

# --- waiting -----------------------------------------------------------------------------------

# Milliseconds of a clock that nobody sets.
now_ms() {
	local up rest
	read -r up rest </proc/uptime
	echo $((10#${up/./} * 10))
}

wait_for() {
	local seconds=$1 end out
	shift
	end=$(($(now_ms) + seconds * 1000))
	until out=$("$@" 2>&1); do
		if (($(now_ms) > end)); then
			note "waited $seconds s for: $*"
			tail -n 15 <<<"$out" | notes
			return 1
		fi
		sleep 0.1
	done
}

# --- the lab -----------------------------------------------------------------------------------

lab_begin() {
	local name=mlb-$$ i=0
	((EUID == 0)) || bail_out "a lab of network namespaces needs root: sudo $0"
	while ip netns list 2>/dev/null | grep -q "^$name-"; do
		note "namespaces $name-* are there already: taking another name"
		name=mlb-$$x$((++i))
	done
	LAB_NAME=$name
	LAB=$(mktemp -d /tmp/mlb.XXXXXX) || bail_out 'no folder for the lab'
	chmod 755 "$LAB"
	trap lab_end EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 141' PIPE
}

lab_end() {
	local status=$? tag name pid
	trap '' HUP INT TERM PIPE
	exec 2>/dev/null
	[[ -n $FINISHED ]] || echo "# ended early"
	# whoever interrupts it wants no logs
	if ((status && status < 128)); then
		for tag in "$LAB"/*.log; do
			[[ -s $tag ]] || continue
			note "--- the last of ${tag##*/}"
			tail -n 25 "$tag" | notes
		done
	fi
	for tag in "${!PID[@]}"; do
		kill "${PID[$tag]}" 2>/dev/null
	done
	for tag in "${!PID[@]}"; do
		if ! wait_for 3 is_gone "${PID[$tag]}" >/dev/null; then
			note "$tag did not end in 3 s: killed"
			kill -9 "${PID[$tag]}" 2>/dev/null
		fi
	done
	for name in $(ip netns list | awk -v lab="$LAB_NAME-" 'index($1, lab) == 1 {print $1}'); do
		for pid in $(ip netns pids "$name" 2>/dev/null); do
			kill -9 "$pid" 2>/dev/null
		done
		ip netns del "$name"
	done
	wait
	rm -rf "$LAB"
}

node() {
	local name
	for name; do
		ip netns add "$LAB_NAME-$name" || bail_out "no namespace $LAB_NAME-$name"
		ip -n "$LAB_NAME-$name" link set lo up
		# Other systems' defaults differ; a lab forwards and lets answers take another way.
		in_node "$name" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
			net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
	done
}

wire() {
	ip link add name "$2" netns "$LAB_NAME-$1" type veth peer name "$1" netns "$LAB_NAME-$2" ||
		bail_out "no wire between $1 and $2"
	ip -n "$LAB_NAME-$1" link set dev "$2" up
	ip -n "$LAB_NAME-$2" link set dev "$1" up
}

address() {
	local node=$1 interface=$2 one flags
	shift 2
	for one; do
		# a daemon can't bind an address that duplicate detection still looks at
		flags=
		[[ $one == *:* ]] && flags=nodad
		# shellcheck disable=SC2086  # none or one word
		ip -n "$LAB_NAME-$node" addr add "$one" dev "$interface" $flags ||
			bail_out "no address $one on $node's $interface"
	done
}

in_node() {
	local node=$1
	shift
	ip netns exec "$LAB_NAME-$node" "$@"
}

spawn() {
	local tag=$1 node=$2
	shift 2
	ip netns exec "$LAB_NAME-$node" "$@" </dev/null >>"$LAB/$tag.log" 2>&1 &
	PID[$tag]=$!
}

is_gone() {
	local state
	state=$(awk '/^State:/ {print $2}' "/proc/$1/status" 2>/dev/null)
	[[ -z $state || $state == Z ]]
}

is_running() { ! is_gone "${PID[$1]}"; }

stop() {
	local tag=$1 signal=${2:-TERM} seconds=${3:-20} pid=${PID[$1]:?not started}
	kill -"$signal" "$pid" 2>/dev/null
	if ! wait_for "$seconds" is_gone "$pid"; then
		note "$tag did not end: killed"
		kill -9 "$pid"
	fi
	STATUS=0
	# shellcheck disable=SC2034
	wait "$pid" 2>/dev/null || STATUS=$?
	unset "PID[$tag]"
}

# has_address NODE IF ADDR/LEN: it is there, once
has_address() {
	(($(addresses "$1" "$2" | grep -Fxc -- "$3") == 1))
}

# addresses NODE IF: with prefix length, one a line, without those of scope host (lo's own)
addresses() {
	ip -n "$LAB_NAME-$1" -j addr show dev "$2" |
		jq -r '.[].addr_info[]? | select(.scope != "host" and .scope != "link")
			| "\(.local)/\(.prefixlen)"'
}
