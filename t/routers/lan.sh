# shellcheck shell=bash
# lan.sh: the usual lab: one link, the five routers on it, and who else a test needs
#
#     lan_begin          a node "lan" with a bridge
#     lan_plug NODE N    wires it there, as 192.0.2.N/24 and 2001:db8::N/64; its interface is "lan"
#     lan_routers        all five as nodes of their name, at 1 to 5; AT[NAME] is the number

lan_begin() {
	node lan
	ip -n "$LAB_NAME-lan" link add name lan0 type bridge
	ip -n "$LAB_NAME-lan" link set dev lan0 up
}

lan_plug() {
	wire "$1" lan
	ip -n "$LAB_NAME-lan" link set dev "$1" master lan0
	address "$1" lan "192.0.2.$2/24" "2001:db8::$2/64"
}

# shellcheck disable=SC2034
declare -A AT=()
lan_routers() {
	local one number=0
	for one in "${ROUTERS[@]}"; do
		# shellcheck disable=SC2034
		AT[$one]=$((++number))
		node "$one"
		lan_plug "$one" "$number"
	done
}
