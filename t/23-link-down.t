#!/bin/bash
# 23-link-down: a link that goes down ends its external session at once, not at the end of the hold time
. "${0%/*}/lib.sh"
. "$T/routers.sh"
lab_begin
mlbgpd_find

node host near far
wire host near
wire host far
address host near 192.0.2.1/30
address near host 192.0.2.2/30
address host far 198.51.100.1/30
address far host 198.51.100.2/30

{
	peer near 192.0.2.2 64501 64512 'holdTime: 180s'
	peer far 198.51.100.2 64501 64512 'holdTime: 180s'
	pool all 203.0.113.0/24
	service web 203.0.113.80
	advertisement all
} >"$LAB/host.yaml"
bird_config 64512 192.0.2.2 '192.0.2.1 64501' | bird_start near
bird_config 64512 198.51.100.2 '198.51.100.1 64501' | bird_start far
mlbgpd_start host

state() { mlbgpd_show host peers ".[] | select(.name == \"$1\") | .state"; }
is_in() { [[ $(state "$1") == "$2" ]]; }
is_down() { ! is_in "$1" Established; }
eventually 'near: session' 30 is_in near Established
eventually 'far: session' 30 is_in far Established

# the other end loses it: our side has no carrier
ip -n "$LAB_NAME-near" link set host down
eventually 'near: down without a carrier' 5 is_down near
is 'near: why' "$(mlbgpd_show host peers '.[] | select(.name == "near") | .lastError.text')" \
	'interface near went down'
is 'far: still up' "$(state far)" Established
ip -n "$LAB_NAME-near" link set host up
eventually 'near: up again' 30 is_in near Established

ip -n "$LAB_NAME-host" link set far down
eventually 'far: down with its interface' 5 is_down far
is 'near: still up' "$(state near)" Established

stop host
is 'stopped in order' "$STATUS" 0
finish
