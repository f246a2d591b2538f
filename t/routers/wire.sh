# shellcheck shell=bash
# wire.sh: what goes over a wire, and what a kernel throws away; sourced by routers.sh

# md5_failures NODE [KIND]: has its kernel thrown away segments because of a TCP MD5 signature?
# Failure (a wrong one, the default), Unexpected (it has no key), NotFound (it has one)
md5_failures() {
	local n
	n=$(in_node "$1" nstat -asz "TcpExtTCPMD5${2:-Failure}" | awk '/MD5/ {print $2}')
	((n > 0))
}

# capture_start TAG NODE IF FILTER...
capture_start() {
	local tag=$1 node=$2 interface=$3
	shift 3
	spawn "$tag" "$node" tcpdump -i "$interface" -n -U --immediate-mode -Z root -s 65535 -B 16384 \
		-w "$LAB/$tag.pcap" "$@"
	wait_for 10 grep -q 'listening on' "$LAB/$tag.log" || bail_out 'tcpdump does not start'
}

# capture_count TAG PATTERN [FILTER]: lines of tcpdump -v that match
capture_count() {
	tcpdump -n -v -r "$LAB/$1.pcap" ${3:+"$3"} 2>/dev/null | grep -Ec -- "$2"
}

capture_has() { (($(capture_count "$1" "$2") >= ${3:-1})); }
