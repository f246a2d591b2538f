/* engine_io.c: the engine's sockets, and the events of its thread */
#include "bfd/engine_private.h"

#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const uint64_t RETRY_US = 5000000;

static void tell_failure(struct bfd_engine *e, enum bfd_socket_kind kind, int error)
{
	const unsigned port = kind < BFD_MULTI_IPV4 ? BFD_PORT_SINGLE : BFD_PORT_MULTI;
	const bool ipv6 = kind == BFD_SINGLE_IPV6 || kind == BFD_MULTI_IPV6;
	char *words = e->sockets[kind].problem;
	const size_t size = sizeof(e->sockets[kind].problem);
	char owner[PORT_OWNER_TEXT_MAX];

	if (error == EADDRINUSE && port_owner(owner, PORT_UDP, (uint16_t)port))
		snprintf(words, size, "UDP port %u (%s) is held by %s", port,
			 ipv6 ? "IPv6" : "IPv4", owner);
	else
		snprintf(words, size, "UDP port %u (%s): %s", port, ipv6 ? "IPv6" : "IPv4",
			 strerror(error));
	if (error != e->sockets[kind].error)
		log_event(LOG_ERR, EVENT_LISTEN_FAILED, LOG_NO_FIELDS,
			  "BFD can't listen: %s; its sessions stay down, BGP runs without them "
			  "except where bfd.strict waits for them; tried again every %d s",
			  words, (int)(RETRY_US / 1000000));
	e->sockets[kind].error = error;
}

/* False where it failed. */
static bool open_socket(struct bfd_engine *e, enum bfd_socket_kind kind)
{
	const bool multihop = kind == BFD_MULTI_IPV4 || kind == BFD_MULTI_IPV6;
	const bool ipv6 = kind == BFD_SINGLE_IPV6 || kind == BFD_MULTI_IPV6;
	int fd = bfd_socket_listen(ipv6 ? ADDR_IPV6 : ADDR_IPV4, multihop);

	if (fd < 0) {
		tell_failure(e, kind, -fd);
		return false;
	}
	e->sockets[kind].open = true;
	e->sockets[kind].error = 0;
	bfd_thread_command(e->thread, &(struct bfd_command){
					      .what = BFD_COMMAND_LISTEN, .index = kind, .fd = fd});
	return true;
}

static void close_socket(struct bfd_engine *e, enum bfd_socket_kind kind)
{
	e->sockets[kind].open = false;
	bfd_thread_command(e->thread, &(struct bfd_command){
					      .what = BFD_COMMAND_LISTEN, .index = kind, .fd = -1});
}

static int on_retry(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	bfd_engine_open_sockets(arg);
	return 0;
}

static void retry_later(struct bfd_engine *e)
{
	if (!e->retry)
		(void)sd_event_add_time_relative(e->event, &e->retry, CLOCK_MONOTONIC, RETRY_US, 0,
						 on_retry, e);
	else if (sd_event_source_set_time_relative(e->retry, RETRY_US) >= 0)
		sd_event_source_set_enabled(e->retry, SD_EVENT_ONESHOT);
}

void bfd_engine_open_sockets(struct bfd_engine *e)
{
	bool wanted[BFD_KINDS] = {false}, all = true;

	for (size_t i = 0; i < e->entries.n; i++)
		wanted[bfd_kind_of(e->entries.at[i]->peer.family, e->entries.at[i]->multihop)] =
			true;
	for (enum bfd_socket_kind kind = 0; kind < BFD_KINDS; kind++) {
		if (wanted[kind] && !e->sockets[kind].open)
			all = open_socket(e, kind) && all;
		else if (!wanted[kind] && e->sockets[kind].open)
			close_socket(e, kind);
	}
	if (!all)
		retry_later(e);
}

static int on_events(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
	struct bfd_engine *e = arg;
	struct bfd_event event;

	(void)source;
	(void)fd;
	(void)revents;
	ring_clear(&e->thread->events);
	while (ring_take(&e->thread->events, &event))
		bfd_engine_on_event(e, &event);
	return 0;
}

int bfd_engine_listen_to_thread(struct bfd_engine *e)
{
	return sd_event_add_io(e->event, &e->events_source, e->thread->events.wake, EPOLLIN,
			       on_events, e);
}
