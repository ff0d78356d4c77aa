/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Permissions and owners of files.
 */
SYSCALL(chmod)
{
	struct event event;

	if (!EVENT_BEGIN(&event, CHMOD_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_u32(&event, call->args[1] & SCAP_MODE_BITS);
	event_send(&event);
}

SYSCALL(fchmod)
{
	struct event event;

	if (!EVENT_BEGIN(&event, FCHMOD_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, call->args[1] & SCAP_MODE_BITS);
	event_send(&event);
}

SYSCALL(fchmodat)
{
	struct event event;

	if (!EVENT_BEGIN(&event, FCHMODAT_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_u32(&event, call->args[2] & SCAP_MODE_BITS);
	event_send(&event);
}

/* 32-bit programs have two each: the one of old takes ids of 16 bits. */

static __always_inline void on_any_chown(struct call *call)
{
	struct event event;

	if (!EVENT_BEGIN(&event, CHOWN_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_u32(&event, call->args[1]);
	event_u32(&event, call->args[2]);
	event_send(&event);
}

SYSCALL(chown)
{
	on_any_chown(call);
}

SYSCALL(chown32)
{
	on_any_chown(call);
}

static __always_inline void on_any_lchown(struct call *call)
{
	struct event event;

	if (!EVENT_BEGIN(&event, LCHOWN_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_u32(&event, call->args[1]);
	event_u32(&event, call->args[2]);
	event_send(&event);
}

SYSCALL(lchown)
{
	on_any_lchown(call);
}

SYSCALL(lchown32)
{
	on_any_lchown(call);
}

static __always_inline void on_any_fchown(struct call *call)
{
	struct event event;

	if (!EVENT_BEGIN(&event, FCHOWN_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, call->args[1]);
	event_u32(&event, call->args[2]);
	event_send(&event);
}

SYSCALL(fchown)
{
	on_any_fchown(call);
}

SYSCALL(fchown32)
{
	on_any_fchown(call);
}

SYSCALL(fchownat)
{
	struct event event;

	if (!EVENT_BEGIN(&event, FCHOWNAT_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_u32(&event, call->args[2]);
	event_u32(&event, call->args[3]);
	event_u32(&event, call->args[4] & (AT_SYMLINK_FOLLOW | AT_EMPTY_PATH));
	event_send(&event);
}
