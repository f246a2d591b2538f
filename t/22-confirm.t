#!/bin/bash
# 22-confirm: reload --confirm goes back by itself, unless confirmed; what is good decides too
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host left right
wire host left
wire host right
address host left 192.0.2.2/30
address left host 192.0.2.1/30
address host right 192.0.2.6/30
address right host 192.0.2.5/30

# documents LAST-OCTET [MORE-OF-RIGHT]: one VIP, two peers
documents() {
	peer left 192.0.2.1 64512 64512
	peer right 192.0.2.5 64512 64512 ${2:+"$2"}
	pool four 203.0.113.0/28
	advertisement all
	service web "203.0.113.$1"
	# one without an address of its own: what it has is in the leases
	cat <<-'EOF'
		---
		apiVersion: v1
		kind: Service
		metadata: {name: leased}
		spec: {type: LoadBalancer, ports: [{port: 80}]}
	EOF
}
write() { documents "$@" >"$LAB/host.new" && mv "$LAB/host.new" "$LAB/host.yaml"; }
write 1

for side in left right; do
	us=2 them=1
	[[ $side == right ]] && us=6 them=5
	frr_start "$side" <<-END
		router bgp 64512
		 bgp router-id 192.0.2.$them
		 neighbor 192.0.2.$us remote-as 64512
		 neighbor 192.0.2.$us timers connect 1
	END
done

sessions() { frr_peer left 192.0.2.2 .connectionsEstablished; }
up() { frr_established left 192.0.2.2 && frr_established right 192.0.2.6; }
# at OCTET OTHER: left has the one and not the other
at() { frr_has left "203.0.113.$1/32" && frr_lacks left "203.0.113.$2/32"; }
summary() { mlbgpd_show host summary "$1"; }
logged() { grep -Eq "$1" "$LAB/host.log"; }
kept() { grep -aq "203.0.113.$1" "$LAB/host.state/last-good"; }
right_says() {
	vtysh --vty_socket "$LAB/right.frr" -c 'configure terminal' -c 'router bgp 64512' -c "$*"
}
right_knows_id() { [[ $(frr_peer right 192.0.2.6 .remoteRouterId) == "$1" ]]; }
mark=$LAB/host.state/unconfirmed

mlbgpd_start host
eventually 'both sessions' 60 up
eventually 'the first VIP' 30 at 1 2
eventually 'its documents are kept' 10 kept 1

# --- confirmed ---------------------------------------------------------------------------------

refused 'nothing to confirm' 1 'nothing is on trial' mlbgpd host confirm
refused 'a time that is none' 2 '1s to 24h' mlbgpd host reload --confirm soon
refused 'a time that is too short' 2 '1s to 24h' mlbgpd host reload --confirm 10ms
write 2
refused 'accepted: the words say what to do' 0 'on trial: it goes back in [0-9]+ s.*mlbgpd confirm' \
	mlbgpd host reload --confirm 1h
eventually 'what is new runs' 30 at 2 1
like 'show summary: how long' "$(summary .confirmSecondsLeft)" '^3[56][0-9][0-9]$'
check 'the last good documents are the old ones' kept 1
eventually 'the state folder names the trial' 10 test -s "$mark"
check 'confirm' mlbgpd host confirm
is 'nothing is on trial any more' "$(summary .confirmSecondsLeft)" null
check 'the last good documents are the new ones' kept 2
check 'the mark is gone' test ! -e "$mark"
refused 'once is enough' 1 'nothing is on trial' mlbgpd host confirm
is 'not stale' "$(summary .stale)" false

# --- time over ---------------------------------------------------------------------------------

write 3
check 'on trial for two seconds' mlbgpd host reload --confirm 2s
eventually 'it goes back by itself' 30 logged 'taken back: it was not confirmed in time'
eventually 'the routes are those of before' 30 at 2 3
is 'show summary: stale' "$(summary .stale)" true
like 'and why' "$(summary '.problems[]')" 'on trial and is taken back: it was not confirmed in time'
refused 'too late' 1 'taken back; mlbgpd reload takes' mlbgpd host confirm
check 'the last good documents are those of before' kept 2

# --- a start while the files are those of the trial --------------------------------------------

stop host KILL
mlbgpd_start host
eventually 'a new start keeps to what was good' 60 at 2 3
check 'and says so' logged 'the files were on trial and not confirmed: runs from the last good documents'
like 'stale, with the reason' "$(summary '.problems[]')" 'last good documents: .*not confirmed before'
check 'a plain reload takes the files as they are' mlbgpd host reload
eventually 'they run' 30 at 3 2
is 'not stale any more' "$(summary .stale)" false
eventually 'the mark is gone' 10 test ! -e "$mark"
eventually 'and they are kept' 10 kept 3

# --- killed in the middle ----------------------------------------------------------------------

write 4
check 'on trial' mlbgpd host reload --confirm 1h
eventually 'it runs' 30 at 4 3
eventually 'the state folder names it' 10 test -s "$mark"
stop host KILL
mlbgpd_start host
eventually 'killed meanwhile: the start goes back' 60 at 3 4

# --- what was good turns bad -------------------------------------------------------------------

check 'on trial again, by the file as it is' mlbgpd host reload --confirm 1h
eventually 'it runs' 30 at 4 3
eventually 'both sessions' 60 up
before=$(sessions)
right_says neighbor 192.0.2.6 shutdown
eventually 'a session goes down: it goes back at once' 20 \
	logged 'taken back: the session with peer right went down'
eventually 'the routes are those of before' 30 at 3 4
is 'the other session was not touched' "$(sessions)" "$before"
right_says no neighbor 192.0.2.6 shutdown
eventually 'the session is back' 60 up

# A session that the change restarts has until the end of the time.
taken_back() { grep -c 'on trial is taken back' "$LAB/host.log"; }
n=$(taken_back)
write 5 'routerID: 192.0.2.77'
refused 'a change that restarts a session' 0 'on trial' mlbgpd host reload --confirm 1h
eventually 'it comes back with the new router ID' 60 \
	right_knows_id 192.0.2.77
is 'and nothing was taken back' "$(taken_back)" "$n"
check 'reset by the administrator is nothing bad' mlbgpd host reset right
eventually 'it is back' 60 up
is 'and nothing was taken back' "$(taken_back)" "$n"

# A plain reload while it is on trial counts as a confirmation; a refused one as nothing.
cp "$LAB/host.yaml" "$LAB/good"
echo 'kind: [' >>"$LAB/host.yaml"
refused 'refused: still on trial' 1 'nothing has changed' mlbgpd host reload
like 'with its time' "$(summary .confirmSecondsLeft)" '^[0-9]+$'
cp "$LAB/good" "$LAB/host.yaml"
check 'a plain reload' mlbgpd host reload
is 'confirms' "$(summary .confirmSecondsLeft)" null
eventually 'and keeps' 10 kept 5
stop host
is 'stopped in order' "$STATUS" 0
finish
