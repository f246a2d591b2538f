/* test_sharing.c: which shared address a search finds, against the rule read out one by one */
#include "config/model.h"
#include "plan/sharing.h"
#include "random_yaml.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { PORTS = 3 };

/* The nth Service: one sharing key, ports as they are given. */
static struct service sharer(const struct service_port *ports, unsigned n)
{
	return (struct service){
		.sharing_key = "k", .backend_key = "", .ports = ports, .n_ports = n};
}

static struct pool_slot slot_of(uint32_t n)
{
	struct pool_slot slot = {.addr = {.family = ADDR_IPV4}};

	slot.addr.bytes[0] = 10;
	slot.addr.bytes[1] = (uint8_t)(n >> 16);
	slot.addr.bytes[2] = (uint8_t)(n >> 8);
	slot.addr.bytes[3] = (uint8_t)n;
	return slot;
}

/* The lowest of the used addresses that may be joined; n where there is none. */
static uint32_t read_out(const struct usage *usage, uint32_t n, uint32_t service)
{
	uint32_t i = 0, other;

	while (i < n) {
		const struct pool_slot slot = slot_of(i);

		if (usage_ask(usage, &slot.addr, service, &other) == USAGE_SHARABLE)
			break;
		i++;
	}
	return i;
}

/* Few ports, so that they meet often: first wishes anywhere, then searches. */
Test(sharing, a_search_finds_the_lowest_that_may_be_joined)
{
	enum { SERVICES = 120, WISHES = 30 };

	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct dice dice = dice_of(seed);
		struct service_port ports[SERVICES][PORTS];
		struct service services[SERVICES];
		struct usage *usage = usage_new(services);
		uint32_t n = WISHES, other;

		for (uint32_t s = 0; s < SERVICES; s++) {
			unsigned n_ports = 1 + dice_roll(&dice, PORTS);

			for (unsigned p = 0; p < n_ports; p++)
				ports[s][p] = (struct service_port){
					.protocol = "TCP",
					.port = (uint16_t)(1 + dice_roll(&dice, 8)),
				};
			services[s] = sharer(ports[s], n_ports);
		}
		for (uint32_t s = 0; s < WISHES; s++) {
			struct pool_slot slot = slot_of(dice_roll(&dice, WISHES));

			if (usage_ask(usage, &slot.addr, s, &other) <= USAGE_SHARABLE)
				usage_take(usage, &slot, s, false);
		}
		for (uint32_t s = WISHES; s < SERVICES; s++) {
			uint32_t wanted = read_out(usage, n, s);
			struct pool_slot slot = slot_of(n), none = slot_of(wanted);
			bool found = usage_first_sharable(usage, s, 0, ADDR_IPV4, &slot);

			cr_assert_eq(found, wanted < n, "seed %u, Service %u", (unsigned)seed, s);
			if (found)
				cr_assert(addr_equal(&slot.addr, &none.addr), "seed %u, Service %u",
					  (unsigned)seed, s);
			else
				n++;
			usage_take(usage, &slot, s, true);
		}
		usage_free(usage);
	}
}

/* One port that all have and one that nobody else has: no two may meet.  Asking each address for
 * each Service would take some minutes. */
Test(sharing, ports_that_never_fit_cost_no_walk, .timeout = 30)
{
	enum { SERVICES = 60000 };
	struct service_port(*ports)[2] = calloc(SERVICES, sizeof(*ports));
	struct service *services = calloc(SERVICES, sizeof(*services));
	struct usage *usage = usage_new(services);

	for (uint32_t s = 0; s < SERVICES; s++) {
		struct pool_slot slot = slot_of(s);

		ports[s][0] = (struct service_port){.protocol = "TCP", .port = 443};
		ports[s][1] =
			(struct service_port){.protocol = "TCP", .port = (uint16_t)(s + 1000)};
		services[s] = sharer(ports[s], 2);
		cr_assert_not(usage_first_sharable(usage, s, 0, ADDR_IPV4, &slot));
		usage_take(usage, &slot, s, true);
	}
	usage_free(usage);
	free(services);
	free(ports);
}
