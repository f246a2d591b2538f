/* kinds.c: the kinds that are read */
#include "config/kinds.h"

#include "config/loader.h"
#include "config/schema_core.h"
#include "config/schema_metallb.h"
#include "config/schema_mlbgpd.h"

const struct kind_entry kind_entries[KIND_ENTRIES] = {
	{API_METALLB_2, "BGPPeer", KIND_BGP_PEER, &schema_peer, load_peer},
	{API_METALLB, "BGPPeer", KIND_BGP_PEER, &schema_peer_v1beta1, load_peer},
	{API_METALLB, "IPAddressPool", KIND_IP_ADDRESS_POOL, &schema_pool, load_pool},
	{API_METALLB, "BGPAdvertisement", KIND_BGP_ADVERTISEMENT, &schema_advertisement,
	 load_advertisement},
	{API_METALLB, "BFDProfile", KIND_BFD_PROFILE, &schema_bfd, load_bfd},
	{API_METALLB, "Community", KIND_COMMUNITY, &schema_community, load_community},
	{API_METALLB, "L2Advertisement", KIND_L2_ADVERTISEMENT, &schema_l2, load_l2},
	{"v1", "Service", KIND_SERVICE, &schema_service, load_service},
	{"v1", "Node", KIND_NODE, &schema_node, load_node},
	{"v1", "Namespace", KIND_NAMESPACE, &schema_namespace, load_namespace},
	{"v1", "Secret", KIND_SECRET, &schema_secret, load_secret},
	{API_MLBGPD, "Daemon", KIND_DAEMON, &schema_daemon, load_daemon},
	{API_MLBGPD, "HealthCheck", KIND_HEALTH_CHECK, &schema_health_check, load_health_check},
	{API_MLBGPD, "PeerPolicy", KIND_PEER_POLICY, &schema_peer_policy, load_peer_policy},
	{API_MLBGPD, "PoolPolicy", KIND_POOL_POLICY, &schema_pool_policy, load_pool_policy},
	{API_MLBGPD, "AddressAllocation", KIND_ADDRESS_ALLOCATION, &schema_address_allocation,
	 load_allocation},
};
