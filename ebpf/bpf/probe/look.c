/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Looking at files without opening them.
 */

#define STAT_FLAGS 0x1900 /* AT_SYMLINK_NOFOLLOW, AT_NO_AUTOMOUNT, AT_EMPTY_PATH, as in scap */

/* 32-bit programs have two each: the other gives sizes of 64 bits. */

static __always_inline void on_any_stat(struct call *call)
{
	struct event event;

	if (!CALL_BEGIN(STAT_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(stat)
{
	on_any_stat(call);
}

SYSCALL(stat64)
{
	on_any_stat(call);
}

static __always_inline void on_any_lstat(struct call *call)
{
	struct event event;

	if (!CALL_BEGIN(LSTAT_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(lstat)
{
	on_any_lstat(call);
}

SYSCALL(lstat64)
{
	on_any_lstat(call);
}

static __always_inline void on_any_fstat(struct call *call)
{
	struct event event;

	if (!CALL_BEGIN(FSTAT_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(fstat)
{
	on_any_fstat(call);
}

SYSCALL(fstat64)
{
	on_any_fstat(call);
}

static __always_inline void on_any_newfstatat(struct call *call)
{
	struct event event;

	if (!CALL_BEGIN(NEWFSTATAT_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_u32(&event, call->args[3] & STAT_FLAGS);
	event_send(&event);
}

SYSCALL(newfstatat)
{
	on_any_newfstatat(call);
}

SYSCALL(fstatat64)
{
	on_any_newfstatat(call);
}

SYSCALL(access)
{
	struct event event;

	if (!CALL_BEGIN(ACCESS_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_u32(&event, call->args[1] & 7);
	event_send(&event);
}
