#!/bin/bash
# 40-bad-input: one clear message, the right exit status, and nothing changed on the host
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

pair_begin
{
	peer router 192.0.2.1 64512 64512
	pool four 203.0.113.0/28
	advertisement all
	service web 203.0.113.1
} >"$LAB/good.yaml"

# daemon OPTION...: in the host's namespace; one that does not end would be ended (124)
daemon() {
	in_node host timeout 20 "${LAUNCHER[@]}" "$MLBGPD" --node host --socket "$LAB/host.sock" \
		--state-dir "$LAB/host.state" "$@"
}
lo_before=$(addresses host lo)
unchanged() { is "$1: nothing on lo" "$(addresses host lo)" "$lo_before"; }

# both WORDS STATUS PATTERN FILE: what check says, the daemon says
both() {
	refused "check: $1" "$2" "$3" "$MLBGPD" check "$4"
	refused "daemon: $1" "$2" "$3" daemon --config "$4"
	unchanged "$1"
}

# --- files -------------------------------------------------------------------------------------

both 'no such file' 1 'none\.yaml.*No such file' "$LAB/none.yaml"
ln -s loop.yaml "$LAB/loop.yaml"
both 'a file that cannot be opened' 1 'loop\.yaml.*symbolic links' "$LAB/loop.yaml"
: >"$LAB/empty.yaml"
both 'an empty file' 1 'empty\.yaml.*error' "$LAB/empty.yaml"
printf '# nothing but words\n---\n' >"$LAB/comment.yaml"
both 'a file of comments' 1 'comment\.yaml.*error' "$LAB/comment.yaml"
printf 'kind: [BGPPeer\nspec: }{\n' >"$LAB/noyaml.yaml"
both 'not YAML' 1 'noyaml\.yaml:2:[0-9]+: error' "$LAB/noyaml.yaml"
printf '\000\001\002\377binary' >"$LAB/binary.yaml"
both 'binary' 1 'binary\.yaml.*error' "$LAB/binary.yaml"
{
	cat "$LAB/good.yaml"
	peer bad 192.0.2.300 64512 64512
	service other 203.0.113.2
} >"$LAB/one-bad.yaml"
both 'one bad document among good ones' 1 'one-bad\.yaml:[0-9]+:[0-9]+: error: BGPPeer/bad: .*peerAddress' \
	"$LAB/one-bad.yaml"
is 'one bad document: one error' "$("$MLBGPD" check "$LAB/one-bad.yaml" 2>&1 | grep -c 'error:')" 1
cp "$LAB/good.yaml" "$LAB/host.yaml"
is 'check --json of a bad file' \
	"$("$MLBGPD" check --json "$LAB/one-bad.yaml" 2>/dev/null | jq -c '[.valid, (.errors | length)]')" \
	'[false,1]'

# --- the command line --------------------------------------------------------------------------

refused 'unknown option' 2 'bogus' "$MLBGPD" --bogus
refused 'unknown verb' 2 'chekc' "$MLBGPD" chekc "$LAB/good.yaml"
refused 'unknown option of a verb' 2 'bogus' "$MLBGPD" check --bogus "$LAB/good.yaml"
refused 'no daemon to ask' 3 'host\.sock' mlbgpd host show summary
refused 'no daemon to reload' 3 'host\.sock' mlbgpd host reload

# --- the system --------------------------------------------------------------------------------

LAUNCHER=(setpriv --bounding-set=-net_admin --inh-caps=-net_admin)
refused 'no CAP_NET_ADMIN' 5 'CAP_NET_ADMIN' daemon --config "$LAB/good.yaml"
unchanged 'no CAP_NET_ADMIN'
LAUNCHER=()

: >"$LAB/file"
refused 'a socket where a file stands' 5 "$LAB/file" daemon --config "$LAB/good.yaml" \
	--socket "$LAB/file"
check 'the file still stands' test -f "$LAB/file"
refused 'a state folder that cannot be' 5 "$LAB/file/state" daemon --config "$LAB/good.yaml" \
	--state-dir "$LAB/file/state"
unchanged 'a state folder that cannot be'

# Port 179 is another's: we say so, and dial.
bird_start router <<END
router id 192.0.2.1;
protocol device { }
protocol bgp host {
	local as 64512; neighbor 192.0.2.2 as 64512; direct; passive on;
	ipv4 { import all; export none; };
}
END
sed 's/router id .*/router id 192.0.2.2;/; s/192.0.2.2 as/192.0.2.9 as/; s/direct/multihop/' "$LAB/router.conf" >"$LAB/other.conf"
spawn other host /usr/sbin/bird -f -c "$LAB/other.conf" -s "$LAB/other.ctl" -P "$LAB/other.pid"
wait_for 10 test -S "$LAB/other.ctl"
mlbgpd_start host
eventually 'port 179 is taken: the session comes by dialling' 60 bird_established router host
is 'port 179 is taken: said once' \
	"$(grep -c 'cannot listen on 0\.0\.0\.0:179: Address already in use' "$LAB/host.log")" 1
stop other
eventually 'port 179 is free again: taken' 60 grep -q 'listening on 0\.0\.0\.0:179' "$LAB/host.log"

# A second daemon
refused 'the control socket of a daemon that lives' 5 'another mlbgpd answers on .*host\.sock' \
	daemon --config "$LAB/good.yaml"
check 'the first one answers still' mlbgpd_answers host
check 'its session stands' bird_established router host
check 'its VIP stands' has_address host lo 203.0.113.1/32

# A dead one
stop host KILL
check 'a killed daemon leaves its socket' test -S "$LAB/host.sock"
refused 'nobody answers there' 3 'host\.sock' mlbgpd host show summary
mlbgpd_start host
check 'a new one takes it over' mlbgpd_answers host
stop host
is 'stopped in order' "$STATUS" 0
unchanged 'at the end'
check 'its socket is gone' test ! -e "$LAB/host.sock"
finish
