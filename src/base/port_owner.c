/* port_owner.c: who has a port?  For the message that we can't have it */
#include "base/port_owner.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TCP_STATE_LISTEN = 0x0a };

/* The inode of the first such socket in a table of /proc/net; 0: none. */
static unsigned long inode_in(const char *table, enum port_protocol protocol, uint16_t port)
{
	FILE *f = fopen(table, "re");
	unsigned long found = 0;
	char line[512];

	if (!f)
		return 0;
	while (!found && fgets(line, sizeof(line), f)) {
		unsigned at = 0, state = 0;
		unsigned long inode = 0;

		/* sl local:port remote:port state queues timer retransmits uid timeout inode */
		if (sscanf(line, " %*[^:]: %*[^:]:%x %*s %x %*s %*s %*s %*s %*s %lu", &at, &state,
			   &inode) == 3 &&
		    at == port && (protocol == PORT_UDP || state == TCP_STATE_LISTEN))
			found = inode;
	}
	fclose(f);
	return found;
}

static bool process_has(const char *pid, const char *wanted)
{
	char path[64];
	const struct dirent *entry;
	bool has = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.10s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!has && (entry = readdir(dir))) {
		char target[64];
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		if (n < 0)
			continue;
		target[n] = '\0';
		has = strcmp(target, wanted) == 0;
	}
	closedir(dir);
	return has;
}

static bool process_name(char *name, size_t size, const char *pid)
{
	char path[64];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "/proc/%.10s/comm", pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	ok = fgets(name, (int)size, f) != NULL;
	fclose(f);
	if (ok)
		name[strcspn(name, "\n")] = '\0';
	return ok;
}

static bool find_owner(char *buf, enum port_protocol protocol, uint16_t port)
{
	bool udp = protocol == PORT_UDP, found = false;
	unsigned long inode = inode_in(udp ? "/proc/net/udp" : "/proc/net/tcp", protocol, port);
	char wanted[64], name[32];
	const struct dirent *entry;
	DIR *dir;

	if (!inode)
		inode = inode_in(udp ? "/proc/net/udp6" : "/proc/net/tcp6", protocol, port);
	dir = inode ? opendir("/proc") : NULL;
	if (!dir)
		return false;
	snprintf(wanted, sizeof(wanted), "socket:[%lu]", inode);
	while (!found && (entry = readdir(dir))) {
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    process_has(entry->d_name, wanted) &&
		    process_name(name, sizeof(name), entry->d_name)) {
			snprintf(buf, PORT_OWNER_TEXT_MAX, "%s (pid %.10s)", name, entry->d_name);
			found = true;
		}
	}
	closedir(dir);
	return found;
}

void port_owner(char *buf, enum port_protocol protocol, uint16_t port)
{
	if (!find_owner(buf, protocol, port))
		snprintf(buf, PORT_OWNER_TEXT_MAX, "another program: ss -l%cnp as root tells which",
			 protocol == PORT_UDP ? 'u' : 't');
}
