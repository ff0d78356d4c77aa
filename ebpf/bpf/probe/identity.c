/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who a process is: user, group, session, capabilities.
 */
#define ID_CALL_1(name, type)                                   \
	SYSCALL(name)                                           \
	{                                                       \
		struct event event;                             \
                                                                \
		if (!EVENT_BEGIN(&event, type))                 \
			return;                                 \
		event_s64(&event, call->ret);                   \
		event_u32(&event, call->args[0]);               \
		event_send(&event);                             \
	}

#define ID_CALL_2(name, type)                                   \
	SYSCALL(name)                                           \
	{                                                       \
		struct event event;                             \
                                                                \
		if (!EVENT_BEGIN(&event, type))                 \
			return;                                 \
		event_s64(&event, call->ret);                   \
		event_u32(&event, call->args[0]);               \
		event_u32(&event, call->args[1]);               \
		event_send(&event);                             \
	}

#define ID_CALL_3(name, type)                                   \
	SYSCALL(name)                                           \
	{                                                       \
		struct event event;                             \
                                                                \
		if (!EVENT_BEGIN(&event, type))                 \
			return;                                 \
		event_s64(&event, call->ret);                   \
		event_u32(&event, call->args[0]);               \
		event_u32(&event, call->args[1]);               \
		event_u32(&event, call->args[2]);               \
		event_send(&event);                             \
	}

ID_CALL_1(setuid, SETUID_X)
ID_CALL_1(setgid, SETGID_X)
ID_CALL_2(setreuid, SETREUID_X)
ID_CALL_2(setregid, SETREGID_X)
ID_CALL_3(setresuid, SETRESUID_X)
ID_CALL_3(setresgid, SETRESGID_X)

SYSCALL(setsid)
{
	struct event event;

	if (!EVENT_BEGIN(&event, SETSID_X))
		return;
	event_s64(&event, call->ret);
	event_send(&event);
}

SYSCALL(setpgid)
{
	struct event event;

	if (!EVENT_BEGIN(&event, SETPGID_X))
		return;
	event_s64(&event, call->ret);
	event_s64(&event, (s32)call->args[0]);
	event_s64(&event, (s32)call->args[1]);
	event_send(&event);
}

/* What came of it, not what was asked for. */
SYSCALL(capset)
{
	struct capabilities sets = read_capabilities(BPF_CORE_READ(current_task(), cred));
	struct event event;

	if (!EVENT_BEGIN(&event, CAPSET_X))
		return;
	event_s64(&event, call->ret);
	event_capabilities(&event, &sets);
	event_send(&event);
}
