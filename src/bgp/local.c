/* local.c: addresses of this host, as sessions need them */
#include "bgp/local.h"

#include <ifaddrs.h>
#include <linux/if_addr.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static struct addr addr_of(const struct ifaddrs *i)
{
	return i->ifa_addr ? addr_from_sockaddr(i->ifa_addr, NULL) : (struct addr){0};
}

static bool is_usable(const struct session_env *env, const struct addr *addr)
{
	return !addr_is_loopback(addr) && (!env->ops->local_address_allowed ||
					   env->ops->local_address_allowed(env->arg, addr));
}

uint32_t local_any_ipv4(const struct session_env *env)
{
	struct ifaddrs *all = NULL;
	uint32_t found = 0;

	if (getifaddrs(&all) < 0)
		return 0;
	for (const struct ifaddrs *i = all; i && !found; i = i->ifa_next) {
		struct addr addr = addr_of(i);

		if (addr.family == ADDR_IPV4 && is_usable(env, &addr))
			found = addr_ipv4_u32(&addr);
	}
	freeifaddrs(all);
	return found;
}

/* getifaddrs() does not tell flags of an IPv6 address; unknown: all of them. */
static unsigned ipv6_flags(const struct addr *addr)
{
	FILE *f = fopen("/proc/net/if_inet6", "re");
	char hex[33], wanted[33];
	unsigned flags = ~0u, found;

	if (!f)
		return flags;
	for (unsigned i = 0; i < 16; i++)
		snprintf(wanted + (size_t)2 * i, 3, "%02x", addr->bytes[i]);
	while (fscanf(f, "%32s %*x %*x %*x %x %*s", hex, &found) == 2) {
		if (strcmp(hex, wanted) == 0)
			flags = found;
	}
	fclose(f);
	return flags;
}

static bool is_next_hop(const struct session_env *env, const struct addr *addr)
{
	enum { BAD = IFA_F_TEMPORARY | IFA_F_DEPRECATED | IFA_F_TENTATIVE | IFA_F_DADFAILED };

	if (!is_usable(env, addr) || addr_is_link_local(addr))
		return false;
	return addr->family != ADDR_IPV6 || !(ipv6_flags(addr) & BAD);
}

/* The label of an IPv4 address may be longer: eth0:1 is eth0. */
static bool is_on(const struct ifaddrs *i, const char *name)
{
	size_t len = strcspn(name, ":");

	return strncmp(i->ifa_name, name, len) == 0 &&
	       (i->ifa_name[len] == '\0' || i->ifa_name[len] == ':');
}

static const char *interface_with(const struct ifaddrs *all, const struct addr *local)
{
	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		struct addr addr = addr_of(i);

		if (addr_equal(&addr, local))
			return i->ifa_name;
	}
	return NULL;
}

struct addr local_beside(const struct session_env *env, const struct addr *local, uint8_t family)
{
	struct ifaddrs *all = NULL;
	struct addr found = {0};
	const char *name;

	if (getifaddrs(&all) < 0)
		return found;
	name = interface_with(all, local);
	for (const struct ifaddrs *i = all; name && i && found.family == ADDR_NONE;
	     i = i->ifa_next) {
		struct addr addr = addr_of(i);

		if (addr.family == family && is_on(i, name) && is_next_hop(env, &addr))
			found = addr;
	}
	freeifaddrs(all);
	return found;
}
