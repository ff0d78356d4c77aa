/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lists of file descriptors that a caller waits for: scap's `fdlist`.
 */
#ifndef INNERWARDEN_POLL_H
#define INNERWARDEN_POLL_H

#include "event.h"

#define MAX_POLLED 16 /* libs 0.25.4 looks at no more */

struct pollfd {
	s32 fd;
	u16 events;
	u16 revents;
};

/* scap has the bits in an order of its own: asm-generic/poll.h, the same on x86 and arm64. */
static __always_inline u16 scap_poll_events(u16 events)
{
	return (events & 0x0007) |			/* IN, PRI, OUT */
	       (events & 0x2000 ? 1 << 3 : 0) |		/* RDHUP */
	       (events & 0x0038) << 1 |			/* ERR, HUP, NVAL */
	       (events & 0x0040 ? 1 << 7 : 0) |		/* RDNORM */
	       (events & 0x0080 ? 1 << 8 : 0) |		/* RDBAND */
	       (events & 0x0100 ? 1 << 9 : 0) |		/* WRNORM */
	       (events & 0x0200 ? 1 << 10 : 0);		/* WRBAND */
}

/* Which descriptors are ready for what: their number, then each with its events. */
static __always_inline void event_polled(struct event *event, u64 address, u32 count)
{
	struct pollfd *list = (struct pollfd *)event_workspace(event);
	u64 start = event->size;
	u32 index;

	if (count > MAX_POLLED)
		count = MAX_POLLED;
	if (bpf_probe_read_user(list, count * sizeof(*list), (void *)address))
		count = 0;
	put_u16(event, count);
	for (index = 0; index < MAX_POLLED && index < count; index++) {
		put_s64(event, list[index].fd);
		put_u16(event, scap_poll_events(list[index].revents));
	}
	event_end_param(event, event->size - start);
}

#endif /* INNERWARDEN_POLL_H */
