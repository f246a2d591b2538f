#!/bin/bash
# 36-state-dir: a state folder that is full, read-only or gone stops nothing, and is told once
. "${0%/*}/lib.sh"
# a mount namespace of its own, for the small disk
if [[ -z ${STATE_DIR_TEST:-} ]]; then
	((EUID == 0)) || bail_out "a lab of network namespaces needs root: sudo $0"
	STATE_DIR_TEST=yes exec unshare --mount --propagation slave "$0"
fi
. "$T/routers.sh"
lab_begin
mlbgpd_find

pair_begin
pair_router

disk=$LAB/disk state=$LAB/disk/state
mkdir "$disk"
mount -t tmpfs -o size=256k,mode=755 small "$disk" || bail_out 'no small disk'
trap 'umount -l "$disk" 2>/dev/null; lab_end' EXIT

# documents NAME...: Services without addresses of their own: what they have is in the leases
documents() {
	local one
	peer router 192.0.2.1 64512 64512
	pool four 203.0.113.0/28
	advertisement all
	for one; do
		cat <<-DOCUMENT
			---
			apiVersion: v1
			kind: Service
			metadata: {name: $one}
			spec: {type: LoadBalancer, ports: [{port: 80}]}
		DOCUMENT
	done
}
write() { documents "$@" >"$LAB/host.new" && mv "$LAB/host.new" "$LAB/host.yaml"; }
start() { mlbgpd_start host --state-dir "$state"; }
routed() {
	local one
	for one; do frr_has router "203.0.113.$one/32" || return; done
}
# has SERVICE LAST-OCTET
has() {
	[[ $(mlbgpd_show host services ".[] | select(.name == \"$1\").addresses[]") == "203.0.113.$2" ]]
}
count() { grep -c "$1" "$LAB/host.log"; }
problem() { mlbgpd_show host summary '.problems[]' | grep -q "$1"; }
no_problem() { ! problem "$1"; }
fill() {
	dd if=/dev/zero of="$disk/fill" bs=4k 2>/dev/null
	dd if=/dev/zero of="$disk/fill" bs=1 count=4096 oflag=append conv=notrunc 2>/dev/null
	! echo x 2>/dev/null >"$disk/one-more" || return
	rm -f "$disk/one-more"
}
leased() { grep -Fqx "default/$1 203.0.113.$2" "$state/leases"; }
kept() { grep -aq "metadata: {name: $1}" "$state/last-good"; }

write bee
start
eventually 'announced' 60 routed 0
eventually 'the lease is written' 10 leased bee 0
eventually 'and the documents' 10 kept bee
before=$(pair_sessions)

# --- full --------------------------------------------------------------------------------------

check 'the disk is full' fill
write bee cat
refused 'a reload is accepted, and tells' 0 "addresses given out can't be kept in $state: No space left on device" \
	mlbgpd host reload
eventually 'what is new runs' 30 routed 0 1
check 'the files are the old ones, whole' leased bee 0
is 'and no half one is beside' "$(cd "$state" && echo *)" 'last-good leases'
check 'show summary has it' problem "accepted documents can't be kept"
# One before the others in the file: it would get the first address, had the daemon no memory
write ant bee cat
check 'another reload' mlbgpd host reload
eventually 'runs' 30 routed 0 1 2
check 'nobody moved: bee' has bee 0
check 'nobody moved: cat' has cat 1
check 'ant has a new one' has ant 2
is 'the log said so once: leases' "$(count "addresses given out can't be kept")" 1
is 'the log said so once: documents' "$(count "accepted documents can't be kept")" 1

# What can't be marked as on trial is told to who asks for a trial.
refused 'reload --confirm' 0 'a start would not know whether its files are confirmed' \
	mlbgpd host reload --confirm 1h
refused 'confirm tells too' 0 "accepted documents can't be kept" mlbgpd host confirm

is 'the session was not touched' "$(pair_sessions)" "$before"
rm "$disk/fill"
eventually 'room again: written without a reload' 60 leased cat 1
eventually 'the documents too' 60 kept ant
eventually 'and no problem is left' 20 no_problem "can't be kept"
check 'which the log says' grep -q "kept in $state again: the addresses given out" "$LAB/host.log"

# --- read-only ---------------------------------------------------------------------------------

check 'read-only' mount -o remount,ro "$disk"
write ant bee cat dog
refused 'a reload is accepted, and tells' 0 "can't be kept in $state: Read-only file system" \
	mlbgpd host reload
eventually 'what is new runs' 30 routed 0 1 2 3
refused 'reload --confirm' 0 "on trial or confirmed can't be kept" mlbgpd host reload --confirm 1h
refused 'confirm tells too' 0 "accepted documents can't be kept" mlbgpd host confirm
is 'told once' "$(count "addresses given out can't be kept.*Read-only")" 1
stop host
is 'stopped in order' "$STATUS" 0
start
eventually 'a start reads what is there' 60 routed 0 1 2 3
check 'bee has what it had' has bee 0
check 'and says what it could not write' problem "can't be kept in $state: Read-only file system"
# the mount itself became read-only too, and the daemon has a copy of it
mount -o remount,rw "$disk"
check 'writable again' nsenter -t "${PID[host]}" -m mount -o remount,rw "$disk"
eventually 'written without a reload' 60 leased dog 3
eventually 'the documents too' 60 kept dog

# --- gone --------------------------------------------------------------------------------------

before=$(pair_sessions)
rm -r "$state"
write eel ant bee cat dog
check 'gone: a reload' mlbgpd host reload
eventually 'runs' 30 routed 0 1 2 3 4
check 'nobody moved: ant' has ant 2
check 'nobody moved: dog' has dog 3
check 'the folder is made again' leased eel 4
check 'with the documents' kept eel
is 'for root alone' "$(stat -c %a "$state")" 700
is 'the log says so once' "$(count "state folder $state was gone: made again")" 1

rm -r "$state"
touch "$state"
write eel ant bee cat
refused 'something else in its place: a reload' 0 "can't be kept in $state: Not a directory" \
	mlbgpd host reload
check 'nobody moved: cat' has cat 1
rm "$state"
eventually 'out of the way: made again by itself' 60 leased eel 4
is 'the session was not touched' "$(pair_sessions)" "$before"

# --- damaged -----------------------------------------------------------------------------------

stop host
truncate -s -3 "$state/leases"
start
eventually 'damaged leases: it starts' 60 routed 0 1 2 3
check 'they are set aside' test -f "$state/leases.damaged"
eventually 'and written anew' 10 test -f "$state/leases"
is 'with one warning' "$(count 'leases in .*damaged')" 1
stop host
is 'stopped in order' "$STATUS" 0
finish
