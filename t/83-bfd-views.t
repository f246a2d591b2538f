#!/bin/bash
# 83-bfd-views: what both ends say of the same BFD session, with FRR and BIRD: IPv4 and IPv6, single hop
# and multihop: discriminators, intervals, times to detect, diagnostics; a change of either side while
# the session runs; who is passive; AdminDown of the router
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find
[[ -x /usr/lib/frr/bfdd ]] || bail_out 'no bfdd'

#    host, frr, bird on one link         192.0.2.0/24, 2001:db8::/64: single hop
#    host -- mid -- frr, bird            198.51.100.0/24, 2001:db8:N::/64: multihop
lan_begin
node host mid frr bird
lan_plug host 10
lan_plug frr 1
lan_plug bird 2
i=0
for one in host frr bird; do
	wire "$one" mid
	address mid "$one" "198.51.100.$((4 * i + 1))/30" "2001:db8:$((i + 1))::1/64"
	address "$one" mid "198.51.100.$((4 * i + 2))/30" "2001:db8:$((i + 1))::2/64"
	for ((j = 0; j < 3; j++)); do
		((i == j)) && continue
		in_node "$one" ip route add "198.51.100.$((4 * j))/30" via "198.51.100.$((4 * i + 1))"
		in_node "$one" ip route add "2001:db8:$((j + 1))::/64" via "2001:db8:$((i + 1))::1"
	done
	i=$((i + 1))
done

# sessions: NAME, its address and ours
declare -A AT_ROUTER=([frr4]=192.0.2.1 [frr6]=2001:db8::1 [frr4m]=198.51.100.6 [frr6m]=2001:db8:2::2
	[bird4]=192.0.2.2 [bird6]=2001:db8::2 [bird4m]=198.51.100.10 [bird6m]=2001:db8:3::2)
declare -A OURS=([4]=192.0.2.10 [6]=2001:db8::10 [4m]=198.51.100.2 [6m]=2001:db8:1::2)
KINDS=(4 6 4m 6m)

# documents PROFILE-SPEC: BIRD sends multihop packets with a TTL of 64
documents() {
	local router kind more
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: path}, spec: {%s}}\n' \
		"minimumTtl: 10, $1"
	for router in frr:64512 bird:64513; do
		for kind in "${KINDS[@]}"; do
			more=()
			[[ $kind != *m ]] || more=('ebgpMultiHop: true')
			peer "${router%:*}$kind" "${AT_ROUTER[${router%:*}$kind]}" 64501 "${router#*:}" \
				'holdTime: 90s' 'bfdProfile: path' "${more[@]}"
		done
	done
}
# neighbors: us, in the routers' words
neighbors() {
	local kind
	for kind in "${KINDS[@]}"; do
		echo "${OURS[$kind]} 64501 hold=90$([[ $kind != *m ]] || echo " multihop=4 local=${AT_ROUTER[$1$kind]}")"
	done
}
# frr_profile TRANSMIT RECEIVE MULTIPLIER [LINE]
frr_profile() {
	printf '%s\n' bfd ' profile path' "  transmit-interval $1" "  receive-interval $2" \
		"  detect-multiplier $3" "${4:-  no passive-mode}" ' exit' exit
}
frr_change() {
	local lines
	mapfile -t lines < <(frr_profile "$@")
	frr_do frr "${lines[@]}" >/dev/null
}
# bird_router TRANSMIT RECEIVE MULTIPLIER [STATEMENT]
bird_router() {
	local -a list
	local options="min tx interval $1 ms; min rx interval $2 ms; multiplier $3; ${4:-}"
	mapfile -t list < <(neighbors bird)
	bird_config 64513 192.0.2.2 "${list[@]}" | sed 's/^protocol bgp.*{/&\n	bfd on;/'
	echo "protocol bfd b { interface \"*\" { $options }; multihop { $options }; }"
}
bird_change() {
	{ bird_router "$@" && grep '^log ' "$LAB/bird.conf"; } >"$LAB/bird.new"
	mv "$LAB/bird.new" "$LAB/bird.conf"
	bird_do bird configure >/dev/null
}

# shellcheck disable=SC2034  # for frr_start
FRR_DAEMONS='zebra bfdd bgpd'
mapfile -t list < <(neighbors frr)
{
	frr_profile 100 250 5
	frr_config 64512 192.0.2.1 "${list[@]}"
	for kind in "${KINDS[@]}"; do echo " neighbor ${OURS[$kind]} bfd profile path"; done
} | frr_start frr
bird_router 100 250 5 | bird_start bird
documents 'transmitInterval: 150, receiveInterval: 200, detectMultiplier: 8' >"$LAB/host.yaml"
mlbgpd_start host

# bfd NAME FILTER
bfd() { mlbgpd_show host bfd ".[] | select(.peer == \"$1\") | $2"; }
bfd_is() { [[ $(bfd "$1" "$2") == "$3" ]] || { bfd "$1" . && false; }; }
frr_bfd() { frr frr 'show bfd peers json' | jq -cr ".[] | select(.peer == \"${OURS[${1#frr}]}\") | $2"; }
frr_bfd_is() { [[ $(frr_bfd "$1" "$2") == "$3" ]] || { frr_bfd "$1" . && false; }; }
# bird_bfd NAME: "Up INTERVAL TIMEOUT", in ms
bird_bfd() {
	bird_ask bird show bfd sessions | awk -v at="${OURS[${1#bird}]}" \
		'$1 == at {printf "%s %.0f %.0f\n", $3, 1000 * $(NF - 1), 1000 * $NF}'
}
bird_bfd_is() { [[ $(bird_bfd "$1") == "$2" ]] || { bird_bfd "$1" && false; }; }
state_is() { bfd_is "$1" .state "$2"; }

# views NAME OUR-TRANSMIT OUR-RECEIVE OUR-MULTIPLIER ITS-TRANSMIT ITS-RECEIVE ITS-MULTIPLIER
#
# RFC 5880 6.8.4, 6.8.7: each sends as slowly as the slower of both wants, and gives up after the other's
# multiplier times that.
larger() { echo $(($1 > $2 ? $1 : $2)); }
views() {
	local name=$1 sends hears hops=single
	sends=$(larger "$2" "$6")
	hears=$(larger "$3" "$5")
	[[ $name != *m ]] || hops=multi
	eventually "$name: $sends ms there, $hears ms here" 40 bfd_is "$name" \
		'[.state, .remoteState, .hops, .transmitIntervalMs, .receiveIntervalMs, .detectTimeMs]' \
		"[\"Up\",\"Up\",\"$hops\",$sends,$hears,$((hears * $7))]"
	case $name in
	bird*)
		eventually "$name: BIRD says the same" 20 bird_bfd_is "$name" "Up $hears $((sends * $4))"
		;;
	frr*)
		eventually "$name: FRR says the same" 20 frr_bfd_is "$name" '[.status, .diagnostic,
			."remote-diagnostic", ."transmit-interval", ."receive-interval", ."detect-multiplier",
			."remote-transmit-interval", ."remote-receive-interval", ."remote-detect-multiplier"]' \
			"[\"up\",\"ok\",\"ok\",$5,$6,$7,$2,$3,$4]"
		is "$name: discriminators" "$(frr_bfd "$name" '[."remote-id", .id, .multihop]')" \
			"$(bfd "$name" '[.localDiscriminator, .remoteDiscriminator, .hops == "multi"]')"
		;;
	esac
	is "$name: no diagnostic" "$(bfd "$name" .diagnostic)" none
}
all=() frrs=() birds=()
for kind in "${KINDS[@]}"; do
	all+=("frr$kind" "bird$kind")
	frrs+=("frr$kind")
	birds+=("bird$kind")
done
views_of_all() { for one in "${all[@]}"; do views "$one" "$@"; done; }
sessions() {
	mlbgpd_show host bfd '.[] | [.peer, .localDiscriminator, .remoteDiscriminator, .downCount]'
	mlbgpd_show host peers '.[] | [.name, .establishedCount]'
}

views_of_all 150 200 8 100 250 5
for one in "${all[@]}"; do
	eventually "$one: BGP is up" 40 mlbgpd_peer_state host "$one" Established
done

# --- changes while they run: a Poll sequence of theirs, and of ours, in both directions -----------

before=$(sessions)
frr_change 400 500 3
bird_change 400 500 3
views_of_all 150 200 8 400 500 3
documents 'transmitInterval: 600, receiveInterval: 300, detectMultiplier: 4' >"$LAB/host.yaml"
check 'reload: slower' mlbgpd host reload
views_of_all 600 300 4 400 500 3
frr_change 100 100 10
bird_change 100 100 10
documents 'transmitInterval: 100, receiveInterval: 100, detectMultiplier: 15' >"$LAB/host.yaml"
check 'reload: faster' mlbgpd host reload
views_of_all 100 100 15 100 100 10
is 'no session was reset' "$(sessions)" "$before"

# --- a loss: what either side calls it -------------------------------------------------------------

deaf() {
	in_node "$1" nft -f - <<-END
		table inet deaf { chain in { type filter hook input priority 0; udp dport { 3784, 4784 } drop; }; }
	END
}
hears() { in_node "$1" nft delete table inet deaf; }
# we hear nothing; BGP's own packets pass: the router is told by a Cease besides
deaf host
for one in "${all[@]}"; do
	eventually "$one: Down" 20 bfd_is "$one" '[.state, .diagnostic, .lastDown.diagnostic]' \
		'["Down","detection time expired","detection time expired"]'
done
# BGP, and by it the session of BFD, comes again there while we are deaf: it hears why we are Down
for one in "${frrs[@]}"; do
	eventually "$one: FRR hears why" 40 frr_bfd_is "$one" '."remote-diagnostic"' 'control detection time expired'
done
hears host
views_of_all 100 100 15 100 100 10

deaf frr
deaf bird
for one in "${all[@]}"; do
	eventually "$one: Down, for the router hears nothing" 20 bfd_is "$one" '.lastDown.diagnostic' \
		'neighbor signaled session down'
done
for one in "${frrs[@]}"; do
	is "$one: FRR's own word" "$(frr_bfd "$one" .diagnostic)" 'control detection time expired'
done
hears frr
hears bird
views_of_all 100 100 15 100 100 10

# --- AdminDown of the router's: no failure -----------------------------------------------------

for one in "${all[@]}"; do
	eventually "$one: BGP is up" 40 mlbgpd_peer_state host "$one" Established
done
before=$(mlbgpd_show host peers '.[] | select(.name | startswith("frr")) | [.name, .establishedCount]')
frr_change 100 100 10 '  shutdown'
for one in "${frrs[@]}"; do
	# bfdd says it a few times, and then nothing more
	eventually "$one: AdminDown" 20 bfd_is "$one" '[.state, .lastDown.verdict]' \
		'["Down","the peer is administratively down"]'
done
is 'no session counts as lost' "$(mlbgpd_show host summary '[.problems[] | select(test("BFD"))]')" '[]'
is 'BGP was not ended for it' \
	"$(mlbgpd_show host peers '.[] | select(.name | startswith("frr")) | [.name, .establishedCount]')" "$before"
frr_change 100 100 10 '  no shutdown'
for one in "${frrs[@]}"; do views "$one" 100 100 15 100 100 10; done

# --- who is passive ------------------------------------------------------------------------------

# again WORDS: new sessions, from nothing
again() {
	stop host
	is "$1: stopped in order" "$STATUS" 0
	mlbgpd_start host
}
frr_change 100 100 10 '  passive-mode'
bird_change 100 100 10 'passive on;'
again 'they are passive'
views_of_all 100 100 15 100 100 10
frr_change 100 100 10
bird_change 100 100 10
documents 'transmitInterval: 100, receiveInterval: 100, detectMultiplier: 15, passiveMode: true' >"$LAB/host.yaml"
again 'we are passive'
views_of_all 100 100 15 100 100 10

stop host
is 'stopped in order' "$STATUS" 0
finish
