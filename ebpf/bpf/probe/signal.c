/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sending signals.
 */
SYSCALL(kill)
{
	struct event event;

	if (!CALL_BEGIN(KILL_X))
		return;
	event_s64(&event, call->ret);
	event_s64(&event, (s32)call->args[0]);
	event_u8(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(tkill)
{
	struct event event;

	if (!CALL_BEGIN(TKILL_X))
		return;
	event_s64(&event, call->ret);
	event_s64(&event, (s32)call->args[0]);
	event_u8(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(tgkill)
{
	struct event event;

	if (!CALL_BEGIN(TGKILL_X))
		return;
	event_s64(&event, call->ret);
	event_s64(&event, (s32)call->args[0]);
	event_s64(&event, (s32)call->args[1]);
	event_u8(&event, call->args[2]);
	event_send(&event);
}
