/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Waiting: for a time, for another thread. There for rules that name these calls.
 */
SYSCALL(nanosleep)
{
	s64 time[2] = {};
	s32 narrow[2] = {};
	struct event event;

	if (!CALL_BEGIN(NANOSLEEP_X))
		return;
	if (call->compat) {
		bpf_probe_read_user(narrow, sizeof(narrow), (void *)call->args[0]);
		time[0] = narrow[0];
		time[1] = narrow[1];
	} else {
		bpf_probe_read_user(time, sizeof(time), (void *)call->args[0]);
	}
	event_s64(&event, call->ret);
	event_u64(&event, time[0] * 1000000000 + time[1]);
	event_send(&event);
}

#define FUTEX_COMMANDS 13 /* include/uapi/linux/futex.h; scap has the same numbers up to there */
#define FUTEX_FLAGS 0x180

SYSCALL(futex)
{
	u32 operation = call->args[1];
	u32 command = operation & 127;
	struct event event;

	if (!CALL_BEGIN(FUTEX_X))
		return;
	event_s64(&event, call->ret);
	event_u64(&event, call->args[0]);
	event_u16(&event, (command < FUTEX_COMMANDS ? command : 0) | (operation & FUTEX_FLAGS));
	event_u64(&event, call->args[2]);
	event_send(&event);
}
