/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Leaving and entering namespaces.
 */
SYSCALL(unshare)
{
	struct event event;

	if (!CALL_BEGIN(UNSHARE_X))
		return;
	event_s64(&event, call->ret);
	event_u32(&event, clone_flags_to_scap(call->args[0]));
	event_send(&event);
}

SYSCALL(setns)
{
	struct event event;

	if (!CALL_BEGIN(SETNS_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, clone_flags_to_scap(call->args[1]));
	event_send(&event);
}
