/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The current directory and the root: relative paths of later events hang on them.
 */
SYSCALL(chdir)
{
	struct event event;

	if (!EVENT_BEGIN(&event, CHDIR_X))
		return;
	event_s64(&event, call->ret);
	event_user_text(&event, call->args[0], MAX_PATH_BYTES);
	event_send(&event);
}
