/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Options of sockets are asked for and set.
 */
static __always_inline void put_option(struct event *event, struct call *call, u32 length)
{
	s32 level = call->args[1], name = call->args[2];

	event_s64(event, call->ret);
	event_fd(event, call->args[0]);
	event_u8(event, scap_option_level(level));
	event_u8(event, scap_option_name(level, name));
	event_option(event, level, name, call->args[3], length, call->compat);
	event_u32(event, length);
}

SYSCALL(setsockopt)
{
	struct event event;

	if (!CALL_BEGIN(SETSOCKOPT_X))
		return;
	put_option(&event, call, (u16)call->args[4]);
	event_send(&event);
}

/* If the call fails, value and length are what the caller had there before. */
SYSCALL(getsockopt)
{
	struct event event;
	u32 length = 0;

	if (!CALL_BEGIN(GETSOCKOPT_X))
		return;
	bpf_probe_read_user(&length, sizeof(length), (void *)call->args[4]);
	put_option(&event, call, length);
	event_send(&event);
}
