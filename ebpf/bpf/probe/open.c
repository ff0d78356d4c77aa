/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Opening files: which path, how, and what the kernel made of it.
 *
 * The path is the caller's text, not the kernel's: another thread may have changed it since the
 * call began. open_enter.c tells the text at the beginning.
 */
SYSCALL(open)
{
	struct opened opened = {};
	struct event event;
	u64 path;

	if (!CALL_BEGIN(OPEN_X))
		return;
	opened_read(&opened, call->ret);
	event_s64(&event, call->ret);
	path = event.size;
	event_user_path(&event, call->args[0]);
	if (is_needless_path(&event, call, path))
		return;
	event_u32(&event, scap_open_flags(call->args[1]) | opened_flags(&opened));
	event_u32(&event, scap_open_mode(call->args[1], call->args[2]));
	event_u32(&event, opened.dev);
	event_u64(&event, opened.ino);
	event_send(&event);
}

SYSCALL(openat)
{
	struct opened opened = {};
	struct event event;
	u64 path;

	if (!CALL_BEGIN(OPENAT_V2_X))
		return;
	opened_read(&opened, call->ret);
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	path = event.size;
	event_user_path(&event, call->args[1]);
	if (is_needless_path(&event, call, path))
		return;
	event_u32(&event, scap_open_flags(call->args[2]) | opened_flags(&opened));
	event_u32(&event, scap_open_mode(call->args[2], call->args[3]));
	event_u32(&event, opened.dev);
	event_u64(&event, opened.ino);
	event_send(&event);
}

SYSCALL(openat2)
{
	struct opened opened = {};
	struct how how = {};
	struct event event;
	u64 path;

	if (!CALL_BEGIN(OPENAT2_X))
		return;
	opened_read(&opened, call->ret);
	bpf_probe_read_user(&how, sizeof(how), (void *)call->args[2]);
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	path = event.size;
	event_user_path(&event, call->args[1]);
	if (is_needless_path(&event, call, path))
		return;
	event_u32(&event, scap_open_flags(how.flags) | opened_flags(&opened));
	event_u32(&event, scap_open_mode(how.flags, how.mode));
	event_u32(&event, scap_resolve(how.resolve));
	event_u32(&event, opened.dev);
	event_u64(&event, opened.ino);
	event_send(&event);
}

SYSCALL(creat)
{
	struct opened opened = {};
	struct event event;
	u64 path;

	if (!CALL_BEGIN(CREAT_X))
		return;
	opened_read(&opened, call->ret);
	event_s64(&event, call->ret);
	path = event.size;
	event_user_path(&event, call->args[0]);
	if (is_needless_path(&event, call, path))
		return;
	event_u32(&event, call->args[1] & SCAP_MODE_BITS);
	event_u32(&event, opened.dev);
	event_u64(&event, opened.ino);
	event_u16(&event, opened.overlay); /* 1: upper layer, 2: lower layer */
	event_send(&event);
}

/* Here the caller has no path: what it gets is the path of the file. */
SYSCALL(open_by_handle_at)
{
	struct opened opened = {};
	struct event event;

	if (!CALL_BEGIN(OPEN_BY_HANDLE_AT_X))
		return;
	if (call->ret > 0)
		opened_read(&opened, call->ret);
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, scap_open_flags(call->args[2]) | opened_flags(&opened));
	if (call->ret > 0)
		event_path(&event, &file_of_fd(call->ret)->f_path);
	else
		event_empty(&event);
	event_u32(&event, opened.dev);
	event_u64(&event, opened.ino);
	event_send(&event);
}
