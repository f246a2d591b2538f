/* bgp_yaml.c: documents for tests of the speaker */
#include "bgp_lab.h"

#include <stdio.h>
#include <stdlib.h>

void lab_add_peer(struct text *t, const char *name, const char *from, const char *to,
		  unsigned my_asn, unsigned peer_asn, const char *more)
{
	text_addf(t,
		  "---\napiVersion: metallb.io/v1beta2\nkind: BGPPeer\n"
		  "metadata: {name: %s, namespace: metallb-system}\n"
		  "spec: {myASN: %u, peerASN: %u, peerAddress: %s, peerPort: %d, "
		  "sourceAddress: %s%s}\n",
		  name, my_asn, peer_asn, to, LAB_PORT, from, more);
}

void lab_add_service(struct text *t, const char *vip, const char *name)
{
	text_addf(t,
		  "---\napiVersion: v1\nkind: Service\nmetadata: {name: %s}\n"
		  "spec: {type: LoadBalancer, loadBalancerIP: %s, ports: [{port: 80}]}\n",
		  name, vip);
}

/* Services 192.0.2.1 to .n. */
void lab_add_services(struct text *t, unsigned n)
{
	text_add(t, "---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\n"
		    "metadata: {name: pool, namespace: metallb-system}\n"
		    "spec: {addresses: [192.0.2.0/24]}\n");
	for (unsigned i = 1; i <= n; i++) {
		char vip[32], name[32];

		snprintf(vip, sizeof(vip), "192.0.2.%u", i);
		snprintf(name, sizeof(name), "s%u", i);
		lab_add_service(t, vip, name);
	}
}

void lab_add_advertisement(struct text *t, const char *name, const char *spec)
{
	text_addf(t,
		  "---\napiVersion: metallb.io/v1beta1\nkind: BGPAdvertisement\n"
		  "metadata: {name: %s, namespace: metallb-system}\nspec: {%s}\n",
		  name, spec);
}

/* One peer, n services, LOCAL_PREF 200 and a community. */
char *lab_one_peer(unsigned n, unsigned peer_asn, const char *more)
{
	struct text t = {0};

	lab_add_peer(&t, "peer", ME, PEER, 65001, peer_asn, more);
	lab_add_services(&t, n);
	lab_add_advertisement(&t, "adv", "localPref: 200, communities: [\"65001:7\"]");
	return text_take(&t);
}

void lab_want_and_free(struct lab *lab, char *yaml)
{
	lab_want(lab, yaml);
	free(yaml);
}
