#!/bin/bash
# 42-hostile-files: what is no file, or not at rest: refused in no time with its name, nothing changes,
# and the next reload is as if nothing had been
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host
good() {
	peer router 192.0.2.1 64512 64512
	pool four 203.0.113.0/28
	advertisement all
	service "${1:-web}" 203.0.113.1
}
mkdir "$LAB/d"
good >"$LAB/d/good.yaml"
good >"$LAB/host.yaml"
address host lo 192.0.2.2/32

# --- named, and in a folder ----------------------------------------------------------------------

hostile() { # WORDS PATTERN PATH
	refused "check: $1" 1 "$2" timeout 20 "$MLBGPD" check "$3"
	refused "daemon: $1" 1 "$2" in_node host timeout 20 "$MLBGPD" --node host --no-fallback \
		--socket "$LAB/x.sock" --state-dir "$LAB/x.state" --config "$3"
}
socket() { python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$1"; }
mkfifo "$LAB/fifo"
hostile 'a FIFO that nobody writes' 'fifo:1:1: error: there are no documents' "$LAB/fifo"
socket "$LAB/sock"
hostile 'a socket' 'sock: .*not a file' "$LAB/sock"
for device in zero full null urandom; do
	hostile "/dev/$device" "/dev/$device: .*not a file" "/dev/$device"
done
mkdir "$LAB/empty"
hostile 'an empty folder' 'no files to read' "$LAB/empty"
ln -s nowhere "$LAB/dangling.yaml"
hostile 'a link to nowhere' 'dangling\.yaml: No such file' "$LAB/dangling.yaml"
truncate -s 257M "$LAB/large.yaml"
hostile 'a file of 257 MiB' 'large\.yaml: File too large' "$LAB/large.yaml"
refused 'check: a pipe that never ends' 1 'File too large' timeout 60 bash -c \
	'"$1" check <(cat /dev/zero)' - "$MLBGPD"
check 'a pipe of a shell is read' bash -c '"$1" check --node host <(sleep 0.5; cat "$2")' - "$MLBGPD" "$LAB/host.yaml"
check 'standard input is read' bash -c 'cat "$2" | "$1" check --node host -' - "$MLBGPD" "$LAB/host.yaml"

# inFolder WORDS PATTERN: of $LAB/d, which is made good again
in_folder() {
	hostile "in a folder: $1" "$2" "$LAB/d"
	rm -rf "$LAB/d/bad.yaml"
	check "in a folder: without $1" "$MLBGPD" check --node host "$LAB/d"
}
mkfifo "$LAB/d/bad.yaml"
in_folder 'a FIFO' 'd/bad\.yaml: .*not a file'
socket "$LAB/d/bad.yaml"
in_folder 'a socket' 'd/bad\.yaml: .*not a file'
mkdir "$LAB/d/bad.yaml"
in_folder 'a folder' 'd/bad\.yaml: Is a directory'
ln -s nowhere "$LAB/d/bad.yaml"
in_folder 'a link to nowhere' 'd/bad\.yaml: No such file'
ln -s bad.yaml "$LAB/d/bad.yaml"
in_folder 'a link to itself' 'd/bad\.yaml: .*symbolic links'
ln -s /dev/zero "$LAB/d/bad.yaml"
in_folder 'a link to a device' 'd/bad\.yaml: .*not a file'
: >"$LAB/d/bad.yaml" && chmod 0 "$LAB/d/bad.yaml"
refused 'in a folder: one that may not be read' 1 'd/bad\.yaml: Permission denied' \
	setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search \
	"$MLBGPD" check "$LAB/d"
rm "$LAB/d/bad.yaml"

# --- while a daemon runs ---------------------------------------------------------------------------

mlbgpd_start host
eventually 'the VIP stands' 20 has_address host lo 203.0.113.1/32
digest() { mlbgpd_show host summary .configDigest; }
before=$(digest)
goes_on() { # WORDS PATTERN
	refused "$1: reload" 1 "$2" mlbgpd host reload
	is "$1: runs what it ran" "$(digest)" "$before"
	is "$1: says that it is stale" "$(mlbgpd_show host summary .stale)" true
	check "$1: the VIP stands" has_address host lo 203.0.113.1/32
	rm -rf "$LAB/host.yaml"
	good >"$LAB/host.yaml"
	check "$1: the next reload" mlbgpd host reload
	is "$1: no more stale" "$(mlbgpd_show host summary .stale)" false
}
rm "$LAB/host.yaml"
goes_on 'gone' 'host\.yaml: No such file'
good | head -c 200 >"$LAB/host.yaml"
goes_on 'half written' 'host\.yaml:[0-9]+:[0-9]+: error'
: >"$LAB/host.yaml"
goes_on 'emptied' 'host\.yaml:1:1: error: there are no documents'
rm "$LAB/host.yaml" && mkdir "$LAB/host.yaml"
goes_on 'a folder in its place' 'no files to read|host\.yaml'
rm "$LAB/host.yaml" && mkfifo "$LAB/host.yaml"
goes_on 'a FIFO in its place' 'host\.yaml:1:1: error: there are no documents'
rm "$LAB/host.yaml" && ln -s /dev/zero "$LAB/host.yaml"
goes_on 'a device in its place' 'not a file'
printf '\xff\xfe' >"$LAB/host.yaml"
goes_on 'another encoding' 'host\.yaml:1:1: error: .*UTF-16'

# A file that never rests: each reload is taken or refused in words, and the daemon is well.  A writer ends
# by itself, with its own commands, once it may write no more.
may_write() { [[ -e $LAB/may-write ]]; }
restless() {
	while may_write; do
		echo '# and more'
		sleep 0.001
	done >>"$LAB/host.yaml"
}
swapping() {
	while may_write; do
		good >"$LAB/new1" && mv "$LAB/new1" "$LAB/host.yaml"
		good mail >"$LAB/new2" && mv "$LAB/new2" "$LAB/host.yaml"
	done
}
cutting() {
	while may_write; do
		good >"$LAB/host.yaml"
		: >"$LAB/host.yaml"
	done
}
for fate in restless swapping cutting; do
	: >"$LAB/may-write"
	"$fate" &
	writer=$!
	bad=0
	for _ in {1..20}; do
		out=$(mlbgpd host reload 2>&1)
		case $? in
		0) ;;
		1) grep -Eq 'host\.yaml.*(error|changed while|no documents)' <<<"$out" || bad=$((bad + 1)) ;;
		*) bad=$((bad + 1)) ;;
		esac
	done
	rm "$LAB/may-write"
	wait "$writer"
	is "$fate: each reload is taken, or refused in words" "$bad" 0
	good >"$LAB/host.yaml"
	check "$fate: the next reload" mlbgpd host reload
	check "$fate: the VIP stands" has_address host lo 203.0.113.1/32
	is "$fate: runs what is there" "$(digest)" "$before"
done

stop host
is 'stopped in order' "$STATUS" 0
finish
