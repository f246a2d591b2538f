#!/bin/bash
# 90-systemd: the unit under a real systemd (t/machine): start, reload, a refused reload, a crash, a hang,
# a stop; and that nothing of its sandbox is in the way of BGP with a password, BFD, netlink or metrics
. "${0%/*}/lib.sh"
. "$T/routers.sh"
if [[ ${1:-} != inside ]]; then
	MLBGPD=${VALGRIND_MLBGPD:-${MLBGPD:-}}
	mlbgpd_find
	export MLBGPD
	cd "$TOP" || exit
	exec "$T/machine" "$T/90-systemd.t" inside
fi
lab_begin
[[ -x /usr/lib/frr/bfdd ]] || bail_out 'no bfdd'
build=${MLBGPD%/*}
sbin=$(sed -n 's/^sbindir = //p' "$build/Makefile")
# shellcheck disable=SC2016  # make's words
sbin=${sbin/'${exec_prefix}'/$(sed -n 's/^prefix = //p' "$build/Makefile")}
ask() { timeout 60 "$sbin/mlbgpd" "$@"; }
unit() { systemctl show mlbgpd -p "$1" --value; }
unit_is() { [[ $(unit "$1") == "$2" ]]; }
# drop_in NAME LINE...: beside the unit, which is as it is installed
drop_in() {
	local name=$1
	shift
	install -d /etc/systemd/system/mlbgpd.service.d
	printf '%s\n' '[Service]' "$@" >"/etc/systemd/system/mlbgpd.service.d/$name.conf"
	systemctl daemon-reload
}

check 'make install' make -s -C "$build" install
systemd-sysusers >/dev/null 2>&1
systemctl daemon-reload
is 'the unit has no mistake' "$(systemd-analyze verify --man=no --recursive-errors=no mlbgpd.service 2>&1)" ''
# the sanitizer looks for leaks by ptrace(), which the sandbox forbids; t/10 to t/86 look for them
drop_in sanitizer Environment=ASAN_OPTIONS=detect_leaks=0

node router
ip link add name router type veth peer name host netns "$LAB_NAME-router"
ip link set dev lo up
ip link set dev router up
ip addr add 192.0.2.1/30 dev router
ip addr add 2001:db8:1::1/64 dev router nodad
ip -n "$LAB_NAME-router" link set dev host up
address router host 192.0.2.2/30 2001:db8:1::2/64
documents() {
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: %s}, spec: {%s}}\n' \
		path 'transmitInterval: 200, receiveInterval: 200' \
		echo 'transmitInterval: 200, receiveInterval: 200, echoMode: true, echoInterval: 100'
	peer four 192.0.2.2 64512 64512 'bfdProfile: echo'
	peer six 2001:db8:1::2 64512 64512 'bfdProfile: path' 'password: in-the-file'
	peer_policy secret four 'passwordFile: router'
	printf -- '---\n{apiVersion: mlbgpd.io/v1alpha1, kind: Daemon, metadata: {name: it}, spec: {vipMode: %s}}\n' \
		"$1"
	pool four 203.0.113.80/28
	pool six 2001:db8:113::/64
	advertisement four 'ipAddressPools: [four]' 'peers: [four]' 'aggregationLength: 28'
	advertisement six 'ipAddressPools: [six]' 'peers: [six]'
	service web 203.0.113.80
	service six 2001:db8:113::80
}
write() {
	documents "$@" >/etc/mlbgpd.yaml
	chmod 600 /etc/mlbgpd.yaml
}
write address
echo from-a-credential >/etc/router.key
chmod 600 /etc/router.key
drop_in key LoadCredential=router:/etc/router.key

# shellcheck disable=SC2034  # for frr_start
FRR_DAEMONS='zebra bfdd bgpd'
{
	printf '%s\n' bfd ' profile path' '  receive-interval 200' '  transmit-interval 200' \
		'  echo-mode' ' exit' exit
	frr_config 64512 192.0.2.2 '192.0.2.1 64512 password=from-a-credential' \
		'2001:db8:1::1 64512 password=in-the-file'
	printf ' neighbor %s bfd profile path\n' 192.0.2.1 2001:db8:1::1
} | frr_start router

all_up() {
	[[ $(ask show peers --json | jq -c '[.[] | [.name, .state, .bfdState]]') == \
		'[["four","Established","Up"],["six","Established","Up"]]' ]] || { ask show peers && false; }
}
has_vips() { ip addr show dev lo | grep -q 203.0.113.80/32 && ip addr show dev lo | grep -q 2001:db8:113::80/128; }

still_has_vips() { has_vips && ! grep 'Deleted.* 203.0.113.80/' "$LAB/addresses.log"; }

# --- start -------------------------------------------------------------------------------------

check 'start' systemctl start mlbgpd
((FAILED == 0)) || { journalctl -u mlbgpd -o cat | tail -n 30 | notes && bail_out 'it does not start'; }
is 'it is active' "$(unit ActiveState)" active
eventually 'both families: BGP with passwords, BFD' 40 all_up
echoes() { [[ $(ask show bfd --json | jq '.[] | select(.peer == "four").echo') == true ]]; }
eventually 'echoes come back' 20 echoes
check 'VIPs stand' has_vips
eventually 'the router has it' 20 frr_has router 203.0.113.80/28
tells() { [[ $(unit StatusText) == '2 of 2 peers established, 2 of 2 VIPs announced' ]] || { unit StatusText && false; }; }
eventually 'systemctl status tells' 20 tells
pid=$(unit MainPID)
is 'no capability but these' "$(awk '/^CapEff/ {print $2}' "/proc/$pid/status")" 0000000000003401
locked=$(awk '/^VmLck/ {print $2}' "/proc/$pid/status")
check "BFD's memory is locked ($locked kB)" test "$locked" -gt 100
policies=$(for one in "/proc/$pid/task/"*; do chrt -p "${one##*/}"; done | grep -c SCHED_FIFO)
case $(awk '/^Max realtime priority/ {print $4}' "/proc/$pid/limits") in
10)
	is "BFD's thread, and no other, has real-time priority" "$policies" 1
	is 'memory for many sessions may be locked' \
		"$(awk '/^Max locked memory/ {print $4}' "/proc/$pid/limits")" 67108864
	;;
*)
	note 'systemd has no CAP_SYS_RESOURCE here, and gave neither LimitRTPRIO nor LimitMEMLOCK'
	is 'without real-time priority it runs all the same' "$policies" 0
	has_no_priority() { journalctl -u mlbgpd -o cat | grep '^BFD has no real-time priority: '; }
	eventually 'and says so' 20 has_no_priority
	;;
esac
like 'metrics' "$(curl -s http://127.0.0.1:7472/metrics)" '^metallb_bfd_session_up.* 1$'
like 'the group may look' "$(setpriv --reuid nobody --regid mlbgpd --clear-groups "$sbin/mlbgpd" show vips)" \
	'^203.0.113.80 '
refused 'others may not' 3 'be root or in the group mlbgpd' setpriv --reuid nobody --regid nogroup --clear-groups \
	"$sbin/mlbgpd" show vips
logged() {
	journalctl -u mlbgpd -o json | jq -r 'select(.MESSAGE_ID and .PEER == "four").MESSAGE' | grep -q Established
}
eventually 'the journal has fields' 20 logged

# --- reload ------------------------------------------------------------------------------------

sessions() { ask show peers --json | jq -c '.[] | [.name, .establishedCount, .bfdState]'; }
before=$(sessions)
{ documents address && service dns 203.0.113.81; } >/etc/mlbgpd.yaml
check 'reload' systemctl reload mlbgpd
check 'a VIP more' grep -q 203.0.113.81/32 <(ip addr show dev lo)
{ documents address && echo 'x: ['; } >/etc/mlbgpd.yaml
check 'a bad file is refused' eval '! systemctl reload mlbgpd'
is 'it is active all the same' "$(unit ActiveState)" active
check 'nothing has changed' grep -q 203.0.113.81/32 <(ip addr show dev lo)
has_place() { journalctl -u mlbgpd -o cat | grep '^/etc/mlbgpd.yaml:[0-9]*:[0-9]*: error: '; }
eventually 'the journal has the place' 20 has_place
write route
check 'reload: VIPs by routes' systemctl reload mlbgpd
has_route() { ip route show table local | grep -q '^local 203.0.113.80 dev lo proto'; }
eventually 'the route stands' 20 has_route
is 'no session was disturbed' "$(sessions)" "$before"
write address
check 'reload: VIPs by addresses' systemctl reload mlbgpd
eventually 'VIPs stand' 20 has_vips

# --- a crash, a hang ---------------------------------------------------------------------------

restarted() { [[ $(unit NRestarts) == "$1" && $(unit MainPID) != 0 ]] && all_up; }
ip monitor address >"$LAB/addresses.log" &
PID[addresses]=$!
kill -9 "$(unit MainPID)"
eventually 'killed: it comes back' 60 restarted 1
check 'with the VIPs that stood' still_has_vips
stop addresses
drop_in hang WatchdogSec=5s
check 'restart' systemctl restart mlbgpd
eventually 'all is up' 40 all_up
kill -STOP "$(unit MainPID)"
hung() { journalctl -u mlbgpd -o cat | grep -q 'Watchdog timeout'; }
eventually 'hung: systemd ends it' 60 hung
eventually 'and it comes back' 60 restarted 1

# --- a stop, bad starts ------------------------------------------------------------------------

check 'stop' systemctl stop mlbgpd
is 'in order' "$(unit Result)" success
check 'no VIP is left' eval '! has_vips'
check 'the router has none' frr_lacks router 203.0.113.80/28
echo 'x: [' >/etc/mlbgpd.yaml
check 'a bad file: what was accepted last runs' systemctl start mlbgpd
eventually 'all is up' 40 all_up
systemctl stop mlbgpd
rm -rf /var/lib/mlbgpd
check 'a bad file and nothing before it' eval '! systemctl start mlbgpd'
is 'its status' "$(unit ExecMainStatus)" 1
is 'which is not tried again' "$(unit ActiveState) $(unit NRestarts)" 'failed 0'

# --- who is in the way, as far as the sandbox lets it see ------------------------------------------

python3 -c 'import socket, time
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("", 3784))
print("bound", flush=True)
time.sleep(600)' >"$LAB/holder.log" &
PID[holder]=$!
eventually 'another program has the port of BFD' 20 grep -q bound "$LAB/holder.log"
write address
check 'start' systemctl start mlbgpd
says_how() { journalctl -u mlbgpd -o cat | grep "BFD can't listen: UDP port 3784 (IPv4) is held by another program: ss -lunp"; }
eventually 'the log says how to find it' 20 says_how
stop holder
eventually 'all is up once it is gone' 60 all_up
check 'stop' systemctl stop mlbgpd

journalctl -u mlbgpd -o cat >"$LAB/journal.log"
is 'nothing else was refused' "$(grep -E 'Operation not permitted|SIGSYS' "$LAB/journal.log" |
	grep -v '^BFD has no real-time priority')" ''
finish
