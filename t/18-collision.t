#!/bin/bash
# 18-collision: both sides dial at once, again and again: one connection stays (RFC 4271 6.8)
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

# one router with a smaller router id than ours, one with a larger
lan_begin
node host frr bird
lan_plug host 10
lan_plug frr 1
lan_plug bird 2
{
	peer frr 192.0.2.1 64999 64512 'connectTime: 1s'
	peer bird 192.0.2.2 64999 64512 'connectTime: 1s'
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
} >"$LAB/host.yaml"
frr_config 64512 192.0.2.1 '192.0.2.10 64999' | frr_start frr
bird_config 64512 192.0.2.200 '192.0.2.10 64999' | bird_start bird
mlbgpd_start host --log-level debug

both_up() { frr_established frr 192.0.2.10 && bird_established bird 192.0.2.10; }
both_have() { frr_has frr 203.0.113.80/32 && bird_has bird 203.0.113.80/32; }
# downs PEER: how often its session ended
downs() { grep -c "peer $1: Established -> " "$LAB/host.log"; }
both_went_down() { (($(downs frr) > $1 && $(downs bird) > $2)); }
# connections NODE: of BGP, that stand
connections() { in_node "$1" ss -tnH state established '( sport = :179 or dport = :179 )' | wc -l; }
one_each() { [[ "$(connections frr) $(connections bird) $(connections host)" == '1 1 2' ]]; }
two_each() { [[ "$(connections frr) $(connections bird) $(connections host)" == '2 2 4' ]]; }
collisions() { grep -c "peer $1: .* NOTIFICATION: Cease: Connection Collision Resolution$" "$LAB/host.log"; }
collided() { [[ "$(collisions frr) $(collisions bird)" == "$1 $2" ]]; }
# which one stays: 179 at a router: we dialled
ours_stays() { in_node "$1" ss -tnH state established | grep -q ' 192\.0\.2\.[12]:179 '; }

# drop_data NODE: connections come up, and nothing is said on them
drop_data() {
	in_node "$1" nft -f - <<-'END'
		table inet mute {
			chain in {
				type filter hook input priority 0
				tcp sport 179 tcp flags & psh == psh drop
				tcp dport 179 tcp flags & psh == psh drop
			}
			chain out {
				type filter hook output priority 0
				tcp sport 179 tcp flags & psh == psh drop
				tcp dport 179 tcp flags & psh == psh drop
			}
		}
	END
}

frr_by_rule=0 bird_by_rule=0
eventually 'both sessions' 30 both_up
for round in 1 2 3 4 5; do
	frrs=$(collisions frr) birds=$(collisions bird)
	frr_downs=$(downs frr) bird_downs=$(downs bird)
	frr_reset frr 192.0.2.10
	bird_reset bird 192.0.2.10 >"$LAB/out"
	eventually "round $round: both sessions are down" 10 both_went_down "$frr_downs" "$bird_downs"
	drop_data host
	mlbgpd host reset frr >"$LAB/out" && mlbgpd host reset bird >"$LAB/out"
	eventually "round $round: both sides have dialled" 15 two_each
	in_node host nft delete table inet mute
	eventually "round $round: both sessions come back" 20 both_up
	eventually "round $round: one connection each" 5 one_each
	eventually "round $round: the route is there" 5 both_have
	# where one is up before the other one's OPEN came, that one is told a second later
	eventually "round $round: a collision with each, told once" 5 collided "$((frrs + 1))" "$((birds + 1))"
	! ours_stays frr || frr_by_rule=$((frr_by_rule + 1))
	ours_stays bird || bird_by_rule=$((bird_by_rule + 1))
done
# Which one stays is the rule's, unless one connection was Established before the other's OPEN came: a
# busy machine brings that about.  The rule itself is tested without a wire.
note "of 5 rounds by the rule: against the smaller router id $frr_by_rule, the larger one $bird_by_rule"

stop host
is 'stopped in order' "$STATUS" 0

# Three that hold one connection.  Each dials, its connection stands, and ours comes beside it before
# an OPEN was heard: GoBGP and OpenBGPD close ours at once, ExaBGP its own, whoever has the larger id.
node other
lan_plug other 20
declare -A kind=() at=()
# single NAME ROUTER NUMBER: its router id is its address
single() {
	kind[$1]=$2 at[$1]=192.0.2.$3
	node "$1"
	lan_plug "$1" "$3"
	"$2_config" 64512 "${at[$1]}" '192.0.2.20 64999 listen=179' >"$LAB/$1.new"
	peer "$1" "${at[$1]}" 64999 64512 'connectTime: 1s' >>"$LAB/other.yaml"
}
number=2
for router in gobgp openbgpd exabgp; do
	single "$router-small" "$router" "$((++number))"
	single "$router-large" "$router" "3$number"
done
{
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
} >>"$LAB/other.yaml"

# they take our connections, and their kernel's word of it does not come
drop_answers() {
	in_node other nft -f - <<-'END'
		table inet late {
			chain in {
				type filter hook input priority 0
				tcp sport 179 tcp flags & (syn | ack) == syn | ack drop
			}
		}
	END
}
# stand OPTION...: of all connections of BGP there, the peers', sorted
stand() { in_node other ss -tnH state established "$@" | awk '{sub(":.*", "", $4); print $4}' | sort; }
all_stand() { [[ $(stand "$@") == "$(printf '%s\n' "${at[@]}" | sort)" ]] || { stand "$@" && false; }; }
ours_came() {
	local name
	for name in "${!kind[@]}"; do
		grep "peer $name: dialled: connection made, " "$LAB/other.log" || return
	done
}
one_there() { (($(connections "$1") == 1)); }

for round in 1 2; do
	drop_data other
	drop_answers
	for name in "${!kind[@]}"; do "${kind[$name]}_start" "$name" <"$LAB/$name.new"; done
	mlbgpd_start other --log-level debug
	eventually "one connection, round $round: all have dialled" 40 all_stand '( sport = :179 )'
	in_node other nft delete table inet late
	eventually "one connection, round $round: and we have" 20 ours_came
	in_node other nft delete table inet mute
	for name in "${!kind[@]}"; do
		eventually "$name, round $round: the session" 40 "${kind[$name]}_established" "$name" 192.0.2.20
		eventually "$name, round $round: the route is there" 10 "${kind[$name]}_has" "$name" \
			203.0.113.80/32
		eventually "$name, round $round: one connection there" 10 one_there "$name"
	done
	eventually "one connection, round $round: each has one here" 10 all_stand \
		'( sport = :179 or dport = :179 )'
	for name in gobgp-small gobgp-large openbgpd-small openbgpd-large; do
		like "$name, round $round: it kept the one that it dialled" "$(stand '( sport = :179 )')" \
			"^${at[$name]}\$"
	done
	# its way is the rule's there; else it may close what is right, and come again
	like "exabgp-small, round $round: it kept the one that it was given" \
		"$(stand '( dport = :179 )')" "^${at[exabgp-small]}\$"
	is "one connection, round $round: no session was ever down" \
		"$(grep -c ': Established -> ' "$LAB/other.log")" 0
	stop other
	is "one connection, round $round: stopped in order" "$STATUS" 0
	mv "$LAB/other.log" "$LAB/other.$round.log"
	for name in "${!kind[@]}"; do stop "$name"; done
done
finish
