/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Permissions and owners of files.
 */
SYSCALL(chmod)
{
	struct event event;

	if (!CALL_BEGIN(CHMOD_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_u32(&event, call->args[1] & SCAP_MODE_BITS);
	event_send(&event);
}

SYSCALL(fchmod)
{
	struct event event;

	if (!CALL_BEGIN(FCHMOD_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, call->args[1] & SCAP_MODE_BITS);
	event_send(&event);
}

SYSCALL(fchmodat)
{
	struct event event;

	if (!CALL_BEGIN(FCHMODAT_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_u32(&event, call->args[2] & SCAP_MODE_BITS);
	event_send(&event);
}

/*
 * OWNER_CALL(chown, CHOWN_X, event_user_path): a new owner of the file that is named so. 32-bit
 * programs have two calls each: the one of old takes ids of 16 bits.
 */
#define OWNER_CALL(name, type, event_file)         \
	SYSCALL(name)                              \
	{                                          \
		struct event event;                \
                                                   \
		if (!CALL_BEGIN(type))             \
			return;                    \
		event_s64(&event, call->ret);      \
		event_file(&event, call->args[0]); \
		event_u32(&event, call->args[1]);  \
		event_u32(&event, call->args[2]);  \
		event_send(&event);                \
	}

OWNER_CALL(chown, CHOWN_X, event_user_path)
OWNER_CALL(chown32, CHOWN_X, event_user_path)
OWNER_CALL(lchown, LCHOWN_X, event_user_path)
OWNER_CALL(lchown32, LCHOWN_X, event_user_path)
OWNER_CALL(fchown, FCHOWN_X, event_fd)
OWNER_CALL(fchown32, FCHOWN_X, event_fd)

SYSCALL(fchownat)
{
	struct event event;

	if (!CALL_BEGIN(FCHOWNAT_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_u32(&event, call->args[2]);
	event_u32(&event, call->args[3]);
	event_u32(&event, call->args[4] & (AT_SYMLINK_FOLLOW | AT_EMPTY_PATH));
	event_send(&event);
}
