/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Further names of a file, and names of what is no file: links and nodes.
 */

/* Falco knows these types: a regular file may be written as none, a socket as two bits. */
static __always_inline u32 scap_node_mode(u32 mode)
{
	u32 type = mode & 0170000, scap = mode & SCAP_MODE_BITS;

	switch (type) {
	case 0:
		return scap | 0100000; /* S_IFREG */
	case 0100000:
	case 0140000: /* S_IFSOCK */
	case 0060000: /* S_IFBLK */
	case 0020000: /* S_IFCHR */
	case 0010000: /* S_IFIFO */
		return scap | type;
	default:
		return scap;
	}
}

/*
 * The number of a node's device is what user space passed, encoded once more as if it were the
 * kernel's own, as in Falco.
 */
SYSCALL(link)
{
	struct event event;

	if (!CALL_BEGIN(LINK_V2_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(linkat)
{
	struct event event;

	if (!CALL_BEGIN(LINKAT_V2_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_fd(&event, call->args[2]);
	event_user_path(&event, call->args[3]);
	event_u32(&event, call->args[4] & (AT_SYMLINK_FOLLOW | AT_EMPTY_PATH));
	event_send(&event);
}

SYSCALL(symlink)
{
	struct event event;

	if (!CALL_BEGIN(SYMLINK_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(symlinkat)
{
	struct event event;

	if (!CALL_BEGIN(SYMLINKAT_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_fd(&event, call->args[1]);
	event_user_path(&event, call->args[2]);
	event_send(&event);
}

SYSCALL(mknod)
{
	struct event event;

	if (!CALL_BEGIN(MKNOD_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_u32(&event, scap_node_mode(call->args[1]));
	event_u32(&event, scap_dev(call->args[2]));
	event_send(&event);
}

SYSCALL(mknodat)
{
	struct event event;

	if (!CALL_BEGIN(MKNODAT_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_u32(&event, scap_node_mode(call->args[2]));
	event_u32(&event, scap_dev(call->args[3]));
	event_send(&event);
}
