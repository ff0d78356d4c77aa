/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who a process is: user, group, session, capabilities.
 */
#define ID_CALL(name, type, ids)                                        \
	SYSCALL(name)                                                   \
	{                                                               \
		struct event event;                                     \
		u32 index;                                              \
                                                                        \
		if (!CALL_BEGIN(type))                                  \
			return;                                         \
		event_s64(&event, call->ret);                           \
		_Pragma("unroll") for (index = 0; index < (ids); index++) \
			event_u32(&event, call->args[index]);           \
		event_send(&event);                                     \
	}

ID_CALL(setuid, SETUID_X, 1)
ID_CALL(setgid, SETGID_X, 1)
ID_CALL(setreuid, SETREUID_X, 2)
ID_CALL(setregid, SETREGID_X, 2)
ID_CALL(setresuid, SETRESUID_X, 3)
ID_CALL(setresgid, SETRESGID_X, 3)

SYSCALL(setsid)
{
	struct event event;

	if (!CALL_BEGIN(SETSID_X))
		return;
	event_s64(&event, call->ret);
	event_send(&event);
}

SYSCALL(setpgid)
{
	struct event event;

	if (!CALL_BEGIN(SETPGID_X))
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

	if (!CALL_BEGIN(CAPSET_X))
		return;
	event_s64(&event, call->ret);
	event_capabilities(&event, &sets);
	event_send(&event);
}
