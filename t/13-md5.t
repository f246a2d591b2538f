#!/bin/bash
# 13-md5: TCP MD5 with five routers: the right key, a wrong one, none; a key mended by a reload
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

lan_begin
lan_routers
node host plain
lan_plug host 10
lan_plug plain 9

# documents KEY6 [KEY-OF-PLAIN]: IPv4 has the right key
documents() {
	local router
	for router in "${ROUTERS[@]}"; do
		peer "$router-4" "192.0.2.${AT[$router]}" 64512 64512 'password: correct-horse' \
			'connectTime: 2s'
		peer "$router-6" "2001:db8::${AT[$router]}" 64512 64512 'routerID: 192.0.2.10' \
			"password: $1" 'connectTime: 2s'
	done
	peer plain 192.0.2.9 64512 64512 ${2:+"password: $2"} 'connectTime: 2s'
	pool all 203.0.113.0/24 2001:db8:113::/64
	service web 203.0.113.80
	service mail 2001:db8:113::25
	advertisement all
}
documents wrong extra >"$LAB/host.yaml"

start() {
	"$1_config" 64512 "192.0.2.${AT[$1]}" '192.0.2.10 64512 password=correct-horse' \
		"2001:db8::10 64512 password=battery-staple local=2001:db8::${AT[$1]}" | "$1_start" "$1"
}

# ExaBGP does not listen, so that it is the host that throws its segments away.  It goes first, for
# that counter is everybody's.
start exabgp
mlbgpd_start host
eventually 'exabgp: a wrong key: the kernel here counts it' 20 md5_failures host
for router in frr bird gobgp openbgpd; do start "$router"; done
bird_config 64512 192.0.2.9 '192.0.2.10 64512' | bird_start plain

for router in "${ROUTERS[@]}"; do
	eventually "$router: the right key" 30 "${router}_established" "$router" 192.0.2.10
	eventually "$router: the route" 10 "${router}_has" "$router" 203.0.113.80/32
	kind=
	case $router in
	exabgp) ;;
	# here it only dials with keys: what it listens on has none
	openbgpd) kind=Unexpected ;;&
	*) eventually "$router: a wrong key: its kernel counts it" 20 md5_failures "$router" "${kind:-}" ;;
	esac
done
says() { mlbgpd_show host peers ".[] | select(.name == \"$1\") | \"\(.state) \(.lastError.text)\""; }
suspects() { says "$1" | grep -E '^(Connect|Active) no answer .is the password the same on both sides'; }
for router in "${ROUTERS[@]}"; do
	eventually "$router: show suspects the password" 30 suspects "$router-6"
	check "$router: a wrong key: no session" eval "! ${router}_established $router 2001:db8::10"
	check "$router: a wrong key: no route" "${router}_lacks" "$router" 2001:db8:113::25/128
done

# a key of ours where the router has none
eventually 'a key that the router has not: its kernel counts it' 20 md5_failures plain Unexpected
check 'a key that the router has not: no session' eval '! bird_established plain 192.0.2.10'

for router in "${ROUTERS[@]}"; do
	session[${AT[$router]}]=$("${router}_session" "$router" 192.0.2.10)
done
documents 'battery-staple' >"$LAB/host.yaml"
is 'diff says what restarts' "$(mlbgpd host diff --json "$LAB/host.yaml" |
	jq -r '[.sessions.restarted[].field] | unique | join(" ")')" password
check 'reload: the right keys' mlbgpd host reload
for router in "${ROUTERS[@]}"; do
	eventually "$router: the mended key: session" 40 "${router}_established" "$router" 2001:db8::10
	eventually "$router: the mended key: route" 10 "${router}_has" "$router" 2001:db8:113::25/128
	is "$router: its other session was not touched" "$("${router}_session" "$router" 192.0.2.10)" \
		"${session[${AT[$router]}]}"
done
eventually 'no key on either side: session' 20 bird_established plain 192.0.2.10
check 'the log has no key' eval \
	"test -s '$LAB/host.log' && ! grep -Ei 'horse|staple|wrong|extra' '$LAB/host.log'"

stop host
is 'stopped in order' "$STATUS" 0
finish
