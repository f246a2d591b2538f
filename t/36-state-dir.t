#!/bin/bash
# 36-state-dir: a state folder that is full, read-only, gone, or damaged costs no session and no reload
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host router
wire host router
address host router 192.0.2.2/30
address router host 192.0.2.1/30

frr_start router <<'END'
router bgp 64512
 bgp router-id 192.0.2.1
 neighbor 192.0.2.2 remote-as 64512
 neighbor 192.0.2.2 timers connect 1
END
# write SERVICE...: each gets an address without asking
write() {
	local one
	{
		peer router 192.0.2.1 64512 64512
		pool p 203.0.113.0/27
		advertisement all
		for one; do
			printf -- '---\napiVersion: v1\nkind: Service\nmetadata: {name: %s}\n' "$one"
			printf 'spec: {type: LoadBalancer, ports: [{port: 80}]}\n'
		done
	} >"$LAB/host.yaml"
}
announced() { frr_has router "203.0.113.$1/32"; }
logged() { grep -Eq "$1" "$LAB/host.log"; }

# The daemon has a small disk of its own for its state: seen through its root.
mkdir "$LAB/host.state"
LAUNCHER=(unshare --mount sh -c 'mount -t tmpfs -o size=64k none "$0" && exec "$@"' "$LAB/host.state")
write one
mlbgpd_start host
eventually 'it runs' 60 announced 0
state=/proc/$(pgrep -P "${PID[host]}" || echo "${PID[host]}")/root$LAB/host.state
eventually 'leases are written' 10 grep -q default/one "$state/leases"
eventually 'documents are kept' 10 grep -aq 'name: one' "$state/last-good"
sessions() { frr_peer router 192.0.2.2 .connectionsEstablished; }
before=$(sessions)

dd if=/dev/zero of="$state/fill" bs=1k 2>/dev/null
write one two
check 'a full disk: the reload is accepted' mlbgpd host reload
eventually 'and done' 30 announced 1
eventually 'the log says so: leases' 10 logged "warning: leases can't be written to .*No space left"
eventually 'the log says so: documents' 10 logged "warning: the accepted documents can't be kept .*No space left"
check 'the old leases are whole' grep -q default/one "$state/leases"
check 'so are the old documents' grep -aq 'name: one' "$state/last-good"
rm "$state/fill"
check 'the disk has room again: a reload' mlbgpd host reload
eventually 'writes what is missing: leases' 10 grep -q default/two "$state/leases"
eventually 'and documents' 10 grep -aq 'name: two' "$state/last-good"

nsenter --mount --target "$(basename "${state%%/root*}")" mount -o remount,ro "$LAB/host.state"
write one two three
check 'read-only: the reload is accepted' mlbgpd host reload
eventually 'and done' 30 announced 2
eventually 'the log says so' 10 logged "leases can't be written to .*Read-only file system"
check 'reload --confirm too' mlbgpd host reload --confirm 1h
eventually 'with a warning' 10 logged "unconfirmed can't be written: Read-only"
check 'and confirm' mlbgpd host confirm
is 'no session was touched' "$(sessions)" "$before"
stop host
is 'stopped in order' "$STATUS" 0

# Damaged, and gone.
LAUNCHER=()
printf 'mlbgpd leases 1\nnonsense' >"$LAB/host.state/leases"
write one
mlbgpd_start host
eventually 'damaged leases: it runs' 60 announced 0
check 'they are set aside' test -f "$LAB/host.state/leases.damaged"
check 'with a warning' logged "leases in .* can't be read \(damaged\)"
eventually 'and written anew' 10 grep -q default/one "$LAB/host.state/leases"
rm -r "$LAB/host.state"
write one two
check 'the folder is gone: the reload is accepted' mlbgpd host reload
eventually 'and done' 30 announced 1
eventually 'the log says so' 10 logged "leases can't be written to .*No such file"
mkdir -m 700 "$LAB/host.state"
check 'the folder is back: a reload' mlbgpd host reload
eventually 'writes again' 10 grep -q default/two "$LAB/host.state/leases"
stop host
is 'stopped in order' "$STATUS" 0
finish
