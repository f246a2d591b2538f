# shellcheck shell=bash
# star.sh: a host with a link of its own to each of its routers; sourced by routers.sh
#
#     star_begin NAME...     nodes "host" and these: 192.0.2.1/30 and .2, then .5 and .6, and so on, each the
#                            other's interface; AT[NAME] is the router's address

star_begin() {
	local one number=1
	node host
	for one; do
		node "$one"
		wire host "$one"
		address host "$one" "192.0.2.$number/30"
		# shellcheck disable=SC2004,SC2034  # lan.sh declares AT
		AT[$one]=192.0.2.$((number + 1))
		address "$one" host "${AT[$one]}/30"
		number=$((number + 4))
	done
}
