/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The current directory and the root: relative paths of later events hang on them.
 */
SYSCALL(chdir)
{
	struct event event;

	if (!CALL_BEGIN(CHDIR_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(fchdir)
{
	struct event event;

	if (!CALL_BEGIN(FCHDIR_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(chroot)
{
	struct event event;

	if (!CALL_BEGIN(CHROOT_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(getcwd)
{
	struct event event;

	if (!CALL_BEGIN(GETCWD_X))
		return;
	event_s64(&event, call->ret);
	if (call->ret >= 0)
		event_user_path(&event, call->args[0]);
	else
		event_empty(&event); /* the buffer is not a path */
	event_send(&event);
}
