# shellcheck shell=bash
# routers.sh: what speaks BGP in a lab: FRR, BIRD, GoBGP, OpenBGPD, ExaBGP, and mlbgpd; sourced after
# lib.sh
#
# The five routers know the same words, NAME is one of $ROUTERS:
#
#     NAME_config ASN ROUTER-ID NEIGHBOR...     a configuration that takes routes and gives none;
#                                               a NEIGHBOR is "ADDRESS ASN [KEY=VALUE...]", see
#                                               neighbor_read
#     NAME_start NODE <CONFIG
#     NAME_established NODE ADDRESS             is the session with this neighbor up?
#     NAME_session NODE ADDRESS                 a word that changes when the session restarts
#     NAME_has NODE PREFIX, NAME_lacks NODE PREFIX
#     NAME_attrs NODE PREFIX                    a route's attributes, see ATTRS; a line for each path
#     NAME_count NODE ADDRESS                   routes from this neighbor
#     NAME_updates NODE ADDRESS                 a number that grows with what UPDATEs bring
#     NAME_refresh NODE ADDRESS                 asks for its routes again (RFC 2918); not GoBGP
#     NAME_reset NODE ADDRESS                   ends the session; it comes back
#     NAME_heard NODE ADDRESS                   its last NOTIFICATION to us: 6/4, or 6/2 "words"
#     NAME_log NODE                             what it logged
#
# and, beside them, what only some can: frr NODE COMMAND (vtysh), bird_ask (birdc), gobgp_ask (gobgp),
# openbgpd_ask (bgpctl), exabgp_do (its API).
#
#     mlbgpd_start NODE OPTION...               files default to $LAB/NODE.yaml
#     mlbgpd NODE VERB...                       asks it
#
# shellcheck source=t/lib.sh

# "... | NAME_start NODE" is a pipe's end: it must run here, for it keeps the pid, and may bail out
shopt -s lastpipe

# shellcheck disable=SC2034
ROUTERS=(frr bird gobgp openbgpd exabgp)

# neighbor_read "ADDRESS ASN [KEY=VALUE...]": into N_ADDRESS, N_ASN and N[KEY]
#
#     password=KEY  multihop=TTL  gtsm=HOPS  port=N  local=ADDRESS  passive=yes  hold=SECONDS
#     as4=no        without the capability of four-octet ASes
#     restart=yes   graceful restart (RFC 4724, 8538) where it must be asked for
#     listen=PORT   listens there, at its router id; ExaBGP does not, else; not FRR and BIRD
#     families=both both on one session, else that of the address
#     max=N         so many routes are too many
declare -A N=()
neighbor_read() {
	local words word
	read -ra words <<<"$1"
	# shellcheck disable=SC2034
	N_ADDRESS=${words[0]} N_ASN=${words[1]} N=()
	# shellcheck disable=SC2034
	for word in "${words[@]:2}"; do N[${word%%=*}]=${word#*=}; done
}

family_of() { if [[ $1 == *:* ]]; then echo ipv6; else echo ipv4; fi; }

# jq: from an object to words, without what is not there:
# "as-path 64512 64512, origin IGP, next-hop 192.0.2.2, local-pref 200, med 5, communities 64512:1
# 64512:2, large 64512:1:2"
# shellcheck disable=SC2034
ATTRS='[["as-path", .asPath], ["origin", .origin], ["next-hop", .nextHop], ["local-pref", .localPref],
	["med", .med], ["communities", .communities], ["large", .largeCommunities]] |
	map(select(.[1] != null and .[1] != "") | "\(.[0]) \(.[1])") | join(", ")'

for file in "${ROUTERS[@]}" mlbgpd documents lan pair star wire; do
	# shellcheck disable=SC1090
	. "${BASH_SOURCE[0]%.sh}/$file.sh"
done
