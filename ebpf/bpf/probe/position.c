/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a file is read, who may read it now, and what else its driver can do.
 */

#define LOCK_FLAGS 15 /* SH, EX, NB, UN, with the same values in scap */

/* Falco takes SEEK_DATA and SEEK_HOLE for SEEK_SET. */
static __always_inline u8 scap_whence(u64 whence)
{
	return whence <= 2 ? whence : 0;
}

SYSCALL(lseek)
{
	struct event event;

	if (!CALL_BEGIN(LSEEK_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u64(&event, call->args[1]);
	event_u8(&event, scap_whence(call->args[2]));
	event_send(&event);
}

SYSCALL(_llseek)
{
	struct event event;

	if (!CALL_BEGIN(LLSEEK_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u64(&event, (call->args[1] << 32) + call->args[2]);
	event_u8(&event, scap_whence(call->args[4]));
	event_send(&event);
}

SYSCALL(ioctl)
{
	struct event event;

	if (!CALL_BEGIN(IOCTL_V3_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u64(&event, call->args[1]);
	event_u64(&event, call->args[2]);
	event_send(&event);
}

SYSCALL(flock)
{
	struct event event;

	if (!CALL_BEGIN(FLOCK_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, call->args[1] & LOCK_FLAGS);
	event_send(&event);
}

SYSCALL(getdents)
{
	struct event event;

	if (!CALL_BEGIN(GETDENTS_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(getdents64)
{
	struct event event;

	if (!CALL_BEGIN(GETDENTS64_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_send(&event);
}
