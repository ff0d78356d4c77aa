/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * File systems that come and go.
 */
#define MS_MGC_MASK 0xffff0000U /* where programs of old put a magic number */
#define MS_MGC_VALUE 0xc0ed0000U
#define UMOUNT_FLAGS 15 /* FORCE, DETACH, EXPIRE, NOFOLLOW, with the same values in scap */

SYSCALL(mount)
{
	struct event event;
	u32 flags = call->args[3];

	if (!CALL_BEGIN(MOUNT_X))
		return;
	if ((flags & MS_MGC_MASK) == MS_MGC_VALUE)
		flags &= ~MS_MGC_MASK;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_user_path(&event, call->args[1]);
	event_user_path(&event, call->args[2]);
	event_u32(&event, flags);
	event_send(&event);
}

/* Of 32-bit programs only, and they have umount2(2) as well. */
SYSCALL(umount)
{
	struct event event;

	if (!CALL_BEGIN(UMOUNT_V1_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(umount2)
{
	struct event event;

	if (!CALL_BEGIN(UMOUNT2_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_u32(&event, call->args[1] & UMOUNT_FLAGS);
	event_send(&event);
}

/* What a value is depends on the command: FSCONFIG_* of include/uapi/linux/mount.h. */
SYSCALL(fsconfig)
{
	struct event event;
	u32 command = call->args[1];
	bool text = command == 1 || command == 3 || command == 4; /* STRING, PATH, PATH_EMPTY */

	if (!CALL_BEGIN(FSCONFIG_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, command);
	event_user_path(&event, call->args[2]);
	if (call->ret >= 0 && command == 2 /* BINARY */)
		event_user_bytes(&event, call->args[3], call->args[4]);
	else
		event_empty(&event);
	if (call->ret >= 0 && text)
		event_user_path(&event, call->args[3]);
	else
		event_empty(&event);
	event_s32(&event, call->args[4]);
	event_send(&event);
}
