# shellcheck shell=bash
# documents.sh: mlbgpd's documents in few words; sourced by routers.sh

# peer NAME ADDRESS OUR-ASN ITS-ASN [SPEC-LINE...]
peer() {
	local name=$1 address=$2 ours=$3 its=$4
	shift 4
	cat <<END
---
apiVersion: metallb.io/v1beta2
kind: BGPPeer
metadata: {name: $name}
spec:
  peerAddress: "$address"
  myASN: $ours
  peerASN: $its
END
	[[ $* == *holdTime* ]] || printf '  %s\n' 'holdTime: 30s' 'keepaliveTime: 1s'
	(($# == 0)) || printf '  %s\n' "$@"
}

# pool NAME RANGE...
pool() {
	local name=$1 range
	shift
	printf -- '---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\n'
	printf 'metadata: {name: %s}\nspec:\n  addresses:\n' "$name"
	for range; do printf '    - "%s"\n' "$range"; done
}

# advertisement NAME [SPEC-LINE...]
advertisement() {
	local name=$1
	shift
	printf -- '---\napiVersion: metallb.io/v1beta1\nkind: BGPAdvertisement\n'
	printf 'metadata: {name: %s}\n' "$name"
	(($# == 0)) || { echo spec: && printf '  %s\n' "$@"; }
}

# service NAME ADDRESS
service() {
	printf -- '---\napiVersion: v1\nkind: Service\nmetadata:\n  name: %s\n' "$1"
	printf '  annotations: {"metallb.io/loadBalancerIPs": "%s"}\n' "$2"
	printf 'spec:\n  type: LoadBalancer\n  ports: [{port: 80}]\n'
	[[ $2 != *:* ]] || printf '  ipFamilies: [IPv6]\n'
}

# peer_policy NAME PEER SPEC-LINE...
peer_policy() {
	local name=$1 peer=$2
	shift 2
	printf -- '---\napiVersion: mlbgpd.io/v1alpha1\nkind: PeerPolicy\nmetadata: {name: %s}\n' "$name"
	printf 'spec:\n  peers: [%s]\n' "$peer"
	printf '  %s\n' "$@"
}
