/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What was asked for when the call began: paths that are opened, addresses that are connected to.
 */
#include "enter.h"

ENTER(open, 3)
{
	struct event event;

	if (!EVENT_BEGIN(&event, OPEN_E))
		return;
	event_user_path(&event, call->args[0]);
	event_u32(&event, scap_open_flags(call->args[1]));
	event_u32(&event, scap_open_mode(call->args[1], call->args[2]));
	event_send(&event);
}

ENTER(openat, 4)
{
	struct event event;

	if (!EVENT_BEGIN(&event, OPENAT_V2_E))
		return;
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_u32(&event, scap_open_flags(call->args[2]));
	event_u32(&event, scap_open_mode(call->args[2], call->args[3]));
	event_send(&event);
}

ENTER(openat2, 3)
{
	struct how how = {};
	struct event event;

	if (!EVENT_BEGIN(&event, OPENAT2_E))
		return;
	bpf_probe_read_user(&how, sizeof(how), (void *)call->args[2]);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_u32(&event, scap_open_flags(how.flags));
	event_u32(&event, scap_open_mode(how.flags, how.mode));
	event_u32(&event, scap_resolve(how.resolve));
	event_send(&event);
}

ENTER(creat, 2)
{
	struct event event;

	if (!EVENT_BEGIN(&event, CREAT_E))
		return;
	event_user_path(&event, call->args[0]);
	event_u32(&event, call->args[1] & SCAP_MODE_BITS);
	event_send(&event);
}

ENTER(connect, 3)
{
	struct event event;

	if (!EVENT_BEGIN(&event, CONNECT_E))
		return;
	event_fd(&event, call->args[0]);
	event_address(&event, call->args[1], call->args[2]);
	event_send(&event);
}
