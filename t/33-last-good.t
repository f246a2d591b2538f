#!/bin/bash
# 33-last-good: a start with an invalid file runs from the documents that were accepted last
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

pair_begin

documents() {
	local one
	peer router 192.0.2.1 64512 64512
	pool four 203.0.113.0/28
	advertisement all
	for one; do service "s-${one//./-}" "$one"; done
}
documents 203.0.113.1 203.0.113.2 >"$LAB/host.yaml"
# and one whose address is given out: it keeps it by its lease
cat >>"$LAB/host.yaml" <<'END'
---
apiVersion: v1
kind: Service
metadata: {name: leased}
spec: {type: LoadBalancer, ports: [{port: 80}]}
END
cp "$LAB/host.yaml" "$LAB/good.yaml"

pair_router
on_lo() { addresses host lo | sort | paste -sd' '; }
is_now() { [[ $(on_lo) == "$1" ]]; }
all='203.0.113.0/32 203.0.113.1/32 203.0.113.2/32'
announced() {
	local one
	for one in $all; do frr_has router "$one" || return; done
}
copy=$LAB/host.state/last-good
break_it() { sed 's/peerASN: 64512/peerASN: many/' "$LAB/good.yaml" >"$LAB/host.yaml"; }

# daemon OPTION...: one that does not end would be ended (124)
daemon() {
	in_node host timeout 20 "$MLBGPD" --node host --socket "$LAB/host.sock" \
		--state-dir "$LAB/host.state" --config "$LAB/host.yaml" "$@"
}

break_it
refused 'no copy yet: an invalid file is refused' 1 'host\.yaml:[0-9]+:[0-9]+: error: .*peerASN' daemon

cp "$LAB/good.yaml" "$LAB/host.yaml"
mlbgpd_start host
eventually 'good files: all announced' 30 announced
eventually 'the documents are kept' 10 test -f "$copy"
is 'for root alone' "$(stat -c %a "$copy")" 600
stop host

break_it
mlbgpd_start host
eventually 'an invalid file at start: all announced' 30 announced
is 'the same VIPs' "$(on_lo)" "$all"
is 'show summary: stale' "$(mlbgpd_show host summary .stale)" true
like 'show summary: the problem' "$(mlbgpd_show host summary '.problems[]')" \
	'last good documents: the newest configuration was refused \(1 error\): .*host\.yaml:[0-9]+:[0-9]+: .*peerASN'
like 'the log has the finding' "$(<"$LAB/host.log")" 'host\.yaml:[0-9]+:[0-9]+: error: .*peerASN'
like 'the log says what it runs from' "$(<"$LAB/host.log")" 'runs from the last good documents'
refused 'a reload of the same is refused' 1 'peerASN' mlbgpd host reload
is 'stale still' "$(mlbgpd_show host summary .stale)" true

sed 's/203\.0\.113\.2/203.0.113.3/' "$LAB/good.yaml" >"$LAB/host.yaml"
check 'mended: a reload is accepted' mlbgpd host reload
all='203.0.113.0/32 203.0.113.1/32 203.0.113.3/32'
is 'stale no more' "$(mlbgpd_show host summary .stale)" false
is 'and no problem of the files' "$(mlbgpd_show host summary '.problems | map(select(test("refused"))) | length')" 0
eventually 'the new VIPs' 20 is_now "$all"
eventually 'the new routes' 30 announced
stop host

rm "$LAB/host.yaml"
mlbgpd_start host
eventually 'no file at all: what the reload accepted' 30 announced
is 'its VIPs' "$(on_lo)" "$all"

# A state folder that takes nothing: the copy's place beside is taken by a folder
mkdir "$copy.new"
cp "$LAB/good.yaml" "$LAB/host.yaml"
check 'a copy that cannot be written: the reload is accepted' mlbgpd host reload
eventually 'with a warning' 10 grep -q "accepted documents can't be kept" "$LAB/host.log"
rmdir "$copy.new"
stop host

break_it
refused '--no-fallback refuses' 1 'not started' daemon --no-fallback
check 'and leaves the copy' test -f "$copy"
is 'nothing on lo' "$(on_lo)" ''

truncate -s -1 "$copy"
refused 'a damaged copy: refused, with the errors of the file' 1 'host\.yaml:[0-9]+:[0-9]+: error: .*peerASN' daemon
check 'the copy is set aside' test -f "$copy.damaged"
check 'and is gone from its place' test ! -e "$copy"
refused 'the next start has none' 1 'not started' daemon

cp "$LAB/good.yaml" "$LAB/host.yaml"
all='203.0.113.0/32 203.0.113.1/32 203.0.113.2/32'
mlbgpd_start host
eventually 'good files again: all announced' 30 announced
is 'not stale' "$(mlbgpd_show host summary .stale)" false
stop host
is 'stopped in order' "$STATUS" 0
finish
