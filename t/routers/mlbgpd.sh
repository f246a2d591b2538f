# shellcheck shell=bash
# mlbgpd.sh: mlbgpd in a node: started, asked; sourced by routers.sh

# The program: $MLBGPD, else the tests' build, else one in the source tree.
mlbgpd_find() {
	local one
	if [[ -n ${MLBGPD:-} ]]; then
		set -- "$MLBGPD"
	else
		set -- "$TOP/build-check/mlbgpd" "$TOP/mlbgpd"
	fi
	for one; do
		if [[ -x $one ]]; then
			MLBGPD=$(realpath "$one")
			return
		fi
	done
	bail_out "no program mlbgpd: t/check builds one, or set MLBGPD"
}

mlbgpd_launch() {
	local node=$1
	shift
	[[ " $* " == *" --config "* ]] || set -- --config "$LAB/$node.yaml" "$@"
	spawn "$node" "$node" "${LAUNCHER[@]}" "$MLBGPD" --node "$node" --socket "$LAB/$node.sock" \
		--state-dir "$LAB/$node.state" "$@"
}
# what stands before the daemon's command line: setpriv and the like
LAUNCHER=()

mlbgpd_start() {
	local node=$1
	mlbgpd_launch "$@"
	if ! wait_for 60 mlbgpd_is_up_or_gone "$node" || ! is_running "$node"; then
		bail_out "$node's mlbgpd does not start"
	fi
}

# A verb, to the daemon of a node.
mlbgpd() {
	local node=$1 verb=$2
	shift 2
	timeout 60 "$MLBGPD" "$verb" --socket "$LAB/$node.sock" "$@"
}

mlbgpd_answers() { mlbgpd "$1" show summary --json; }
mlbgpd_is_up_or_gone() { ! is_running "$1" || mlbgpd_answers "$1"; }

# mlbgpd_show NODE WHAT FILTER: jq's FILTER over show's JSON
mlbgpd_show() {
	mlbgpd "$1" show "$2" --json | jq -cr "$3"
}

mlbgpd_peer_state() { [[ $(mlbgpd_show "$1" peers ".[] | select(.name == \"$2\").state") == "$3" ]]; }
