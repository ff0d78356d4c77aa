/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Closing file descriptors: the state engine forgets what they were.
 */
SYSCALL(close)
{
	struct event event;

	if (!CALL_BEGIN(CLOSE_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_send(&event);
}

#define CLOSE_RANGE_FLAGS 6 /* UNSHARE and CLOEXEC, with the same values in scap */

SYSCALL(close_range)
{
	struct event event;

	if (!CALL_BEGIN(CLOSE_RANGE_X))
		return;
	event_s64(&event, call->ret);
	event_u32(&event, call->args[0]);
	event_u32(&event, call->args[1]);
	event_u32(&event, call->args[2] & CLOSE_RANGE_FLAGS);
	event_send(&event);
}
