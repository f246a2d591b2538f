#!/bin/bash
# 86-bfd-failover: a primary that no packet reaches any more, while its link stays up: how soon routers
# (FRR, BIRD) use the standby, and how many pings are lost, beside FRR (bgpd, bfdd) in mlbgpd's place
#
#     ROUNDS=6 t/86-bfd-failover.t      for figures: more rounds, and an optimised build in MLBGPD
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find
[[ -x /usr/lib/frr/bfdd ]] || bail_out 'no bfdd'
ROUNDS=${ROUNDS:-2}

#   cfrr -- frr --+       +-- primary, standby      mlbgpd, both with 203.0.113.80
#                 +- lan -+
#   cbird - bird -+       +-- fprimary, fstandby    FRR, both with 203.0.113.81
#
# All in AS 64512; local preference says who is primary.  A client pings by a router of its own.
lan_begin
node frr bird primary standby fprimary fstandby cfrr cbird
declare -A IP=([frr]=192.0.2.1 [bird]=192.0.2.2 [primary]=192.0.2.11 [standby]=192.0.2.12
	[fprimary]=192.0.2.21 [fstandby]=192.0.2.22)
declare -A VIP=([ours]=203.0.113.80 [frr]=203.0.113.81)
declare -A PRIMARY=([ours]=primary [frr]=fprimary) STANDBY=([ours]=standby [frr]=fstandby)
for one in "${!IP[@]}"; do lan_plug "$one" "${IP[$one]##*.}"; done
i=0
for one in frr bird; do
	wire "c$one" "$one"
	address "$one" "c$one" "198.51.100.$((i + 1))/30"
	address "c$one" "$one" "198.51.100.$((i + 2))/30"
	in_node "c$one" ip route add default via "198.51.100.$((i + 1))"
	for host in primary standby fprimary fstandby; do
		in_node "$host" ip route add "198.51.100.$i/30" via "${IP[$one]}"
	done
	i=$((i + 4))
done

HOLD=90
# documents LOCAL-PREFERENCE MS
documents() {
	printf -- '---\n{apiVersion: metallb.io/v1beta1, kind: BFDProfile, metadata: {name: path}, spec: %s}\n' \
		"{transmitInterval: $2, receiveInterval: $2, detectMultiplier: 3}"
	peer frr "${IP[frr]}" 64512 64512 "holdTime: ${HOLD}s" 'bfdProfile: path'
	peer bird "${IP[bird]}" 64512 64512 "holdTime: ${HOLD}s" 'bfdProfile: path'
	pool all 203.0.113.80/32
	service shop "${VIP[ours]}"
	advertisement all "localPref: $1"
}
frr_profile() {
	printf '%s\n' bfd ' profile path' "  transmit-interval $1" "  receive-interval $1" \
		'  detect-multiplier 3' ' exit' exit
}
# speaker ID NEIGHBOR...: FRR that watches each of them
speaker() {
	local id=$1 one
	shift
	frr_config 64512 "$id" "$@"
	for one; do echo " neighbor ${one%% *} bfd profile path"; done
}
bird_router() {
	bird_config 64512 "${IP[bird]}" "${hosts[@]}" | sed 's/^protocol bgp.*{/&\n	bfd on;/'
	echo "protocol bfd { interface \"*\" { interval $1 ms; multiplier 3; }; }"
	echo 'protocol kernel { ipv4 { export all; }; }'
}
frr_host() {
	frr_profile 300
	speaker "${IP[$1]}" "${IP[frr]} 64512 hold=$HOLD" "${IP[bird]} 64512 hold=$HOLD"
	printf '%s\n' ' address-family ipv4 unicast' "  network ${VIP[frr]}/32 route-map tell" \
		' exit-address-family' exit 'route-map tell permit 10' " set local-preference $2"
}

# shellcheck disable=SC2034  # for frr_start
FRR_DAEMONS='zebra bfdd bgpd'
hosts=()
for one in primary standby fprimary fstandby; do hosts+=("${IP[$one]} 64512 hold=$HOLD"); done
{ frr_profile 300 && speaker "${IP[frr]}" "${hosts[@]}"; } | frr_start frr
bird_router 300 | bird_start bird
address fprimary lo "${VIP[frr]}/32"
address fstandby lo "${VIP[frr]}/32"
frr_host fprimary 200 | frr_start fprimary
frr_host fstandby 100 | frr_start fstandby
documents 200 300 >"$LAB/primary.yaml"
documents 100 300 >"$LAB/standby.yaml"
mlbgpd_start primary
mlbgpd_start standby
# What is compared is daemons, not what the machine does beside them: mlbgpd asks for that itself.
for one in frr.bfdd bird fprimary.bfdd fstandby.bfdd; do
	chrt -a -r -p 5 "${PID[$one]}" >/dev/null 2>&1 || note "$one: no real-time priority here"
done
for one in frr bird; do spawn "routes.$one" "$one" ip -ts monitor route; done

# --- what is looked at -------------------------------------------------------------------------

bfd() { mlbgpd_show "$1" bfd ".[] | select(.peer == \"$2\") | $3"; }
bgp() { mlbgpd_show "$1" peers ".[] | select(.name == \"$2\") | $3"; }
bfd_is() { [[ $(bfd "$1" "$2" "$3") == "$4" ]]; }
bgp_is_down() { [[ $(bgp "$1" "$2" .state) != Established ]]; }
# router_bfd ROUTER HOST: Up or Down, in the router's view
router_bfd() {
	case $1 in
	frr) frr frr 'show bfd peers json' | jq -r ".[] | select(.peer == \"${IP[$2]}\").status" ;;
	bird) bird_ask bird show bfd sessions | awk -v at="${IP[$2]}" '$1 == at {print tolower($3)}' ;;
	esac
}
router_bfd_is() { [[ $(router_bfd "$1" "$2") == "$3" ]]; }
router_bfd_lost() { ! router_bfd_is "$1" "$2" up; }
# uses ROUTER KIND HOST: what the router's kernel does with the VIP
uses() { in_node "$1" ip route show "${VIP[$2]}" | grep -q "via ${IP[$3]} "; }
# at_rest: all of it as in the beginning
at_rest() {
	local router kind host
	for router in frr bird; do
		for kind in ours frr; do
			uses "$router" "$kind" "${PRIMARY[$kind]}" || return
		done
		for host in primary standby fprimary fstandby; do
			router_bfd_is "$router" "$host" up || return
		done
		for host in primary standby; do
			[[ $(bfd "$host" "$router" '[.state, .detectTimeMs]') == "[\"Up\",$((3 * INTERVAL))]" ]] ||
				return
			! bgp_is_down "$host" "$router" || return
		done
	done
}
# standby: what would tell of a disturbance
standby() {
	mlbgpd_show standby bfd '.[] | [.peer, .localDiscriminator, .downCount]'
	mlbgpd_show standby peers '.[] | [.name, .establishedCount]'
}

# --- the cut -----------------------------------------------------------------------------------

# cut both: no packet of or to a primary passes; cut back: none to a primary
cut() {
	local rule='oifname { "primary", "fprimary" } drop'
	[[ $1 == back ]] || rule+='; iifname { "primary", "fprimary" } drop'
	in_node lan nft -f - <<-END
		table bridge cut { chain forward { type filter hook forward priority 0; $rule; }; }
	END
}
heal() { in_node lan nft delete table bridge cut; }

now_us() { echo "${EPOCHREALTIME/./}"; }
# moved_ms ROUTER KIND: from $cut_at to the kernel's first word of the standby behind line $line
moved_ms() {
	local stamp
	stamp=$(tail -n "+${line[$1]}" "$LAB/routes.$1.log" |
		grep -F "${VIP[$2]} " | grep -F "via ${IP[${STANDBY[$2]}]} " | head -n 1)
	stamp=${stamp%%]*}
	[[ -n $stamp ]] || return
	echo $((($(date -d "${stamp#[}" +%s%6N) - cut_at) / 1000))
}
has_moved() { [[ -n $(moved_ms "$1" "$2") ]] && uses "$1" "$2" "${STANDBY[$2]}"; }
replies() { grep -c 'bytes from' "$LAB/ping.$1.log"; }
replies_from() { (($(replies "$1") >= $2)); }
# lost TAG: of those between the first and the last that were answered
lost() {
	sed -n 's/.*bytes from.*icmp_seq=\([0-9]*\) .*/\1/p' "$LAB/ping.$1.log" |
		awk 'NR == 1 {first = $1} {n++; last = $1} END {print last - first + 1 - n}'
}
# spacing TAG: ms from one to the next; ping does not get all the way to the 10 that it is asked for
spacing() {
	sed -n 's/^\[\([0-9.]*\)\].*bytes from.*icmp_seq=\([0-9]*\) .*/\1 \2/p' "$LAB/ping.$1.log" |
		awk 'NR == 1 {t = $1; n = $2} END {printf "%.0f", 1000 * ($1 - t) / ($2 - n)}'
}

TAGS=(frr.ours frr.frr bird.ours bird.frr)
# watch AT: pings, and where the routers' logs and our counters are now
declare -A line=() downs=()
watch() {
	local router kind tag
	for router in frr bird; do
		downs[$router]=$(bfd primary "$router" .downCount)
		line[$router]=$(($(wc -l <"$LAB/routes.$router.log") + 1))
		for kind in ours frr; do
			tag=$router.$kind
			: >"$LAB/ping.$tag.log"
			spawn "ping.$tag" "c$router" ping -n -O -D -i 0.01 "${VIP[$kind]}"
		done
	done
	flows "$1: before"
}

# flows AT: each client has answers again
flows() {
	local tag before
	for tag in "${TAGS[@]}"; do
		before=$(replies "$tag")
		eventually "$1: pings by $tag" 20 replies_from "$tag" $((before + 20))
	done
}

# ended AT ROUTER: both ends know of it, and ours why
ended() {
	eventually "$1: our primary has ended BGP with $2" 20 bgp_is_down primary "$2"
	is "$1: by a Cease, BFD Down" "$(bgp primary "$2" '.lastError | [.sent, .code, .subcode]')" \
		'[true,6,10]'
	is "$1: for nothing came" "$(bfd primary "$2" .lastDown.diagnostic)" 'detection time expired'
	like "$1: and that is the path's" "$(bfd primary "$2" .lastDown.verdict)" \
		"^nothing came for [0-9]+ ms, our $ON_TIME"
	# FRR does not hear a Down that names no session (Your Discriminator 0): it waits for its own time
	eventually "$1: $2 has lost BFD to it" 20 router_bfd_lost "$2" primary
}

# fail_over DIRECTION: both VIPs at once, so that they have the same machine; then back
fail_over() {
	local router kind tag at="$INTERVAL ms, $1"
	watch "$at"
	cut_at=$(now_us)
	cut "$1"
	for router in frr bird; do
		eventually "$at: $router uses the standby" $((HOLD / 3)) has_moved "$router" ours
		wait_for $((HOLD / 3)) has_moved "$router" frr
		ended "$at" "$router"
		for kind in ours frr; do record "$1.$router.$kind" "$(moved_ms "$router" "$kind")"; done
	done
	flows "$at: by the standby"
	for tag in "${TAGS[@]}"; do record "$1.$tag.lost" "$(lost "$tag")"; done
	heal
	eventually "$at: all is back" 90 at_rest
	flows "$at: by the primary"
	for tag in "${TAGS[@]}"; do
		record "$1.$tag.back" $(($(lost "$tag") - $(last "$1.$tag.lost")))
		stop "ping.$tag" INT
	done
	for router in frr bird; do
		is "$at: counted once by $router" "$(bfd primary "$router" .downCount)" \
			$((downs[$router] + 1))
	done
}

# --- figures -----------------------------------------------------------------------------------

# record KEY VALUE, by interval; sorted KEY
declare -A FIGURES=()
record() { FIGURES[$INTERVAL.$1]+="$2 "; }
sorted() { tr ' ' '\n' <<<"${FIGURES[$INTERVAL.$1]}" | grep . | sort -n; }
least() { sorted "$1" | head -n 1; }
last() { awk '{print $NF}' <<<"${FIGURES[$INTERVAL.$1]}"; }
summary() { sorted "$1" | awk '{v[NR] = $1} END {printf "%d (%d to %d)", v[int((NR + 1) / 2)], v[1], v[NR]}'; }

# A packet of an interval before the cut may have been the last one; noise only ever adds.
judge() {
	local direction=$1 router ours its
	for router in frr bird; do
		note "$INTERVAL ms x 3, $direction, router $router: ms until the standby, median (range):" \
			"ours $(summary "$direction.$router.ours"), FRR $(summary "$direction.$router.frr")"
		note "    pings lost, one each $(spacing "$router.ours") ms: ours $(summary "$direction.$router.ours.lost")," \
			"FRR $(summary "$direction.$router.frr.lost"); on the way back:" \
			"ours $(summary "$direction.$router.ours.back"), FRR $(summary "$direction.$router.frr.back")"
		ours=$(least "$direction.$router.ours") its=$(least "$direction.$router.frr")
		check "$INTERVAL ms, $direction, $router: not before two intervals" test "$ours" -ge $((2 * INTERVAL))
		check "$INTERVAL ms, $direction, $router: at most 1.5 times what FRR takes ($ours, $its)" \
			test $((2 * ours)) -le $((3 * its))
	done
}

# series INTERVAL
series() {
	local i
	INTERVAL=$1
	eventually "$INTERVAL ms: all is up" 60 at_rest
	[[ -n $undisturbed ]] || undisturbed=$(standby)
	for ((i = 0; i < ROUNDS; i++)); do
		# the tenth session in a row that is up for less than a minute would have to rest
		((cuts % 8 || cuts == 0)) || sleep 65
		fail_over both
		fail_over back
		cuts=$((cuts + 2))
	done
	judge both
	judge back
	is "$INTERVAL ms: the standby was never disturbed" "$(standby)" "$undisturbed"
}

undisturbed='' cuts=0
ON_TIME='timers were on time: link or peer$'
series 300

# other intervals, in sessions that run
for one in frr fprimary fstandby; do
	mapfile -t lines < <(frr_profile 50)
	frr_do "$one" "${lines[@]}" >/dev/null
done
{ bird_router 50 && grep '^log ' "$LAB/bird.conf"; } >"$LAB/bird.new"
mv "$LAB/bird.new" "$LAB/bird.conf"
bird_do bird configure >/dev/null
documents 200 50 >"$LAB/primary.yaml"
documents 100 50 >"$LAB/standby.yaml"
for one in primary standby; do check "$one: reload to 50 ms" mlbgpd "$one" reload; done
# a quarter of 150 ms is soon gone on a machine that does other things
ON_TIME='(timers were on time: link or peer|thread was late by [0-9]+ ms: host overloaded)$'
series 50

for one in primary standby; do
	stop "$one"
	is "$one: stopped in order" "$STATUS" 0
done
finish
