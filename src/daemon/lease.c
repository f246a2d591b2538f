/* lease.c: reads and writes the file of leases */
#include "daemon/lease.h"
#include "base/addr.h"
#include "base/log.h"
#include "base/text.h"
#include "daemon/state_file.h"
#include "plan/leases.h"
#include "plan/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char head[] = "mlbgpd leases 1";

/* "namespace/name address [address]"; cuts the line up. */
static bool parse_lease(struct leases *leases, char *line)
{
	struct lease lease = {0};
	char *rest = line;
	char *object = strsep(&rest, " ");
	char *slash = strchr(object, '/');
	const char *word;

	if (!slash || slash == object || !slash[1])
		return false;
	*slash = '\0';
	lease.namespace = object;
	lease.name = slash + 1;
	while ((word = strsep(&rest, " "))) {
		if (lease.n_addresses == 2 ||
		    addr_parse(&lease.addresses[lease.n_addresses++], word) != ADDR_OK)
			return false;
	}
	if (lease.n_addresses == 0)
		return false;
	leases_set(leases, &lease);
	return true;
}

static bool parse_lines(struct leases *leases, char *bytes)
{
	char *line = strsep(&bytes, "\n");
	size_t n = 0;
	uint64_t told;

	if (strcmp(line, head) != 0)
		return false;
	while ((line = strsep(&bytes, "\n"))) {
		if (text_has_prefix(line, "end "))
			return number_parse(&told, line + 4, UINT32_MAX) == 0 && told == n;
		if (!parse_lease(leases, line))
			return false;
		n++;
	}
	return false;
}

struct leases *lease_parse(char *bytes)
{
	struct leases *leases = leases_new();

	if (parse_lines(leases, bytes))
		return leases;
	leases_free(leases);
	return NULL;
}

/* 0, -ENOENT where there is none, -EBADMSG where it is damaged, or another -errno. */
static int read_leases(const char *state_dir, struct leases **ret)
{
	char *bytes = NULL;
	int r = state_file_read(state_dir, LEASE_FILE, &bytes);

	if (r == 0) {
		*ret = lease_parse(bytes);
		r = *ret ? 0 : -EBADMSG;
	}
	free(bytes);
	return r;
}

struct leases *lease_read(const char *state_dir)
{
	struct leases *leases = NULL;
	int r = read_leases(state_dir, &leases);

	if (r < 0 && r != -ENOENT)
		log_warning("leases in %s can't be read (%s): addresses that are given out by "
			    "themselves may move",
			    state_dir, r == -EBADMSG ? "damaged" : strerror(-r));
	return leases;
}

void lease_set_aside_damaged(const char *state_dir)
{
	struct leases *leases = NULL;

	if (read_leases(state_dir, &leases) == -EBADMSG)
		state_file_set_aside(state_dir, LEASE_FILE);
	leases_free(leases);
}

void lease_format(const struct plan *plan, struct text *out)
{
	size_t n, told = 0;
	const struct plan_service *services = plan_services(plan, &n);

	text_addf(out, "%s\n", head);
	for (size_t i = 0; i < n; i++) {
		const struct plan_service *s = &services[i];
		char addr[ADDR_TEXT_MAX];

		if (s->source != SOURCE_ALLOCATED && s->source != SOURCE_LEASE)
			continue;
		text_addf(out, "%s/%s", s->service->object.namespace, s->service->object.name);
		for (size_t j = 0; j < s->n_addresses; j++)
			text_addf(out, " %s", addr_format(addr, &s->addresses[j]));
		text_add(out, "\n");
		told++;
	}
	text_addf(out, "end %zu\n", told);
}

int lease_write(const char *state_dir, const char *bytes, size_t len)
{
	return state_file_update(state_dir, LEASE_FILE, bytes, len);
}
