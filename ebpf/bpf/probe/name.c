/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names in directories: new ones, other ones, none any more.
 */
SYSCALL(mkdir)
{
	struct event event;

	if (!CALL_BEGIN(MKDIR_V2_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_u32(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(mkdirat)
{
	struct event event;

	if (!CALL_BEGIN(MKDIRAT_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_u32(&event, call->args[2]);
	event_send(&event);
}

SYSCALL(rmdir)
{
	struct event event;

	if (!CALL_BEGIN(RMDIR_V2_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(unlink)
{
	struct event event;

	if (!CALL_BEGIN(UNLINK_V2_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(unlinkat)
{
	struct event event;

	if (!CALL_BEGIN(UNLINKAT_V2_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_u32(&event, call->args[2] & AT_REMOVEDIR);
	event_send(&event);
}

SYSCALL(rename)
{
	struct event event;

	if (!CALL_BEGIN(RENAME_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(renameat)
{
	struct event event;

	if (!CALL_BEGIN(RENAMEAT_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_fd(&event, call->args[2]);
	event_user_path(&event, call->args[3]);
	event_send(&event);
}

SYSCALL(renameat2)
{
	struct event event;

	if (!CALL_BEGIN(RENAMEAT2_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_fd(&event, call->args[2]);
	event_user_path(&event, call->args[3]);
	event_u32(&event, call->args[4]);
	event_send(&event);
}
