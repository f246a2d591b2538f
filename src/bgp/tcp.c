/* tcp.c: TCP sockets as BGP needs them: non-blocking, with source address, TTL, MD5 and time-out */
#include "bgp/tcp.h"

#include "base/text.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <linux/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TTL_MAX = 255 };

static int set_int(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) < 0 ? -errno : 0;
}

static int set_ttl(int fd, uint8_t family, uint8_t ttl)
{
	if (ttl == 0)
		return 0;
	if (family == ADDR_IPV6)
		return set_int(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
	return set_int(fd, IPPROTO_IP, IP_TTL, ttl);
}

static int set_min_ttl(int fd, uint8_t family, uint8_t min_ttl)
{
	if (family == ADDR_IPV6)
		return set_int(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, min_ttl);
	return set_int(fd, IPPROTO_IP, IP_MINTTL, min_ttl);
}

int tcp_set_user_timeout(int fd, unsigned seconds)
{
	return set_int(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)(seconds * 1000));
}

/* Control traffic goes first (RFC 4271 appendix F leaves it open; CS6 is the custom). */
static void set_priority(int fd, uint8_t family)
{
	if (family == ADDR_IPV6)
		(void)set_int(fd, IPPROTO_IPV6, IPV6_TCLASS, IPTOS_CLASS_CS6);
	else
		(void)set_int(fd, IPPROTO_IP, IP_TOS, IPTOS_CLASS_CS6);
}

int tcp_set_password(int fd, const struct addr *peer, const char *password)
{
	struct tcp_md5sig key = {0};
	size_t len = password ? strlen(password) : 0;
	int r = 0;

	if (len > TCP_PASSWORD_MAX)
		return -ENAMETOOLONG;
	(void)addr_to_sockaddr(peer, 0, 0, (struct sockaddr_storage *)&key.tcpm_addr);
	key.tcpm_keylen = (uint16_t)len;
	if (len > 0)
		memcpy(key.tcpm_key, password, len);
	if (setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &key, sizeof(key)) < 0)
		r = -errno;
	explicit_bzero(&key, sizeof(key));
	return r == -ENOENT && !password ? 0 : r; /* there was none to take off */
}

static int set_common(int fd, const struct tcp_params *params)
{
	int r = set_ttl(fd, params->remote.family, params->ttl);

	if (r == 0 && params->min_ttl > 0)
		r = set_min_ttl(fd, params->remote.family, params->min_ttl);
	/* The bytes are gathered before they are written: nothing is gained by waiting. */
	if (r == 0)
		r = set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_priority(fd, params->remote.family);
	return r;
}

static int bind_to(int fd, const struct addr *addr, uint16_t port, uint32_t scope)
{
	struct sockaddr_storage at;
	socklen_t len = addr_to_sockaddr(addr, port, scope, &at);

	return bind(fd, (struct sockaddr *)&at, len) < 0 ? -errno : 0;
}

static int new_socket(uint8_t family)
{
	int fd = socket(family == ADDR_IPV6 ? AF_INET6 : AF_INET,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

int tcp_dial(int *ret, const struct tcp_params *params)
{
	struct sockaddr_storage to;
	socklen_t len = addr_to_sockaddr(&params->remote, params->port, params->scope, &to);
	int fd, r;

	fd = new_socket(params->remote.family);
	if (fd < 0)
		return fd;
	r = set_common(fd, params);
	if (r == 0 && params->password)
		r = tcp_set_password(fd, &params->remote, params->password);
	if (r == 0 && params->source.family != ADDR_NONE)
		r = bind_to(fd, &params->source, 0, params->scope);
	if (r == 0 && connect(fd, (struct sockaddr *)&to, len) < 0 && errno != EINPROGRESS)
		r = -errno;
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret = fd;
	return 0;
}

int tcp_dial_result(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return -errno;
	return -error;
}

uint8_t tcp_syn_ttl(int fd)
{
	uint8_t syn[256]; /* IP and TCP header */
	socklen_t len = sizeof(syn);

	if (getsockopt(fd, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len) < 0 || len < 20)
		return 0;
	return syn[0] >> 4 == 4 ? syn[8] : syn[7]; /* RFC 791 3.1, 8200 3 */
}

bool tcp_is_heard(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 || info.tcpi_retransmits == 0;
}

/* A line of names, then one of values, both beginning with "TcpExt:". */
uint64_t tcp_min_ttl_drops(void)
{
	char names[8192], values[8192], *name_at, *value_at;
	FILE *f = fopen("/proc/net/netstat", "re");
	uint64_t n = 0;

	if (!f)
		return 0;
	if (fgets(names, sizeof(names), f) && fgets(values, sizeof(values), f)) {
		char *name = strtok_r(names, " \n", &name_at);
		char *value = strtok_r(values, " \n", &value_at);

		while (name && value && strcmp(name, "TCPMinTTLDrop") != 0) {
			name = strtok_r(NULL, " \n", &name_at);
			value = strtok_r(NULL, " \n", &value_at);
		}
		if (name && value)
			(void)number_parse(&n, value, UINT64_MAX);
	}
	fclose(f);
	return n;
}

int tcp_adopt(int fd, const struct tcp_params *params)
{
	return set_common(fd, params);
}

int tcp_listen(int *ret, const struct addr *addr, uint16_t port)
{
	int fd = new_socket(addr->family), r;

	if (fd < 0)
		return fd;
	r = set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (r == 0 && addr->family == ADDR_IPV6)
		r = set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	set_priority(fd, addr->family);
	if (r == 0)
		r = set_ttl(fd, addr->family, TTL_MAX);
	(void)set_int(fd, IPPROTO_TCP, TCP_SAVE_SYN, 1); /* for tcp_syn_ttl() */
	if (r == 0)
		r = bind_to(fd, addr, port, 0);
	if (r == 0 && listen(fd, SOMAXCONN) < 0)
		r = -errno;
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret = fd;
	return 0;
}

typedef int (*name_fn)(int fd, struct sockaddr *sa, socklen_t *len);

static struct addr address_by(name_fn fn, int fd)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);

	if (fn(fd, (struct sockaddr *)&sa, &len) < 0)
		return (struct addr){0};
	return addr_from_sockaddr((struct sockaddr *)&sa, NULL);
}

struct addr tcp_local_address(int fd)
{
	return address_by(getsockname, fd);
}

struct addr tcp_remote_address(int fd)
{
	return address_by(getpeername, fd);
}
