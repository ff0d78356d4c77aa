/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Asking for ids: of no use to the state engine, and there for rules that name these calls.
 */
#define ASKING_CALL(name, type)                                 \
	SYSCALL(name)                                           \
	{                                                       \
		struct event event;                             \
                                                                \
		if (!CALL_BEGIN(type))                          \
			return;                                 \
		event_u32(&event, call->ret);                   \
		event_send(&event);                             \
	}

ASKING_CALL(getuid, GETUID_X)
ASKING_CALL(geteuid, GETEUID_X)
ASKING_CALL(getgid, GETGID_X)
ASKING_CALL(getegid, GETEGID_X)

static __always_inline void event_user_u32(struct event *event, u64 address)
{
	u32 value = 0;

	bpf_probe_read_user(&value, sizeof(value), (void *)address);
	event_u32(event, value);
}

#define ASKING_CALL_3(name, type)                               \
	SYSCALL(name)                                           \
	{                                                       \
		struct event event;                             \
                                                                \
		if (!CALL_BEGIN(type))                          \
			return;                                 \
		event_s64(&event, call->ret);                   \
		event_user_u32(&event, call->args[0]);          \
		event_user_u32(&event, call->args[1]);          \
		event_user_u32(&event, call->args[2]);          \
		event_send(&event);                             \
	}

ASKING_CALL_3(getresuid, GETRESUID_X)
ASKING_CALL_3(getresgid, GETRESGID_X)
