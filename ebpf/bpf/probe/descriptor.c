/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Files that are no files: what open(2) cannot make.
 */

#define MFD_FLAGS 7 /* CLOEXEC, ALLOW_SEALING, HUGETLB, with the same values in scap */

/* The flags that most of them have; none if the kernel would not look at them: a negative number. */
static __always_inline u32 scap_wait_flags(s32 flags)
{
	if (flags < 0)
		return 0;
	return MOVED(flags, KERNEL_O_NONBLOCK, SCAP_O_NONBLOCK) |
	       MOVED(flags, KERNEL_O_CLOEXEC, SCAP_O_CLOEXEC);
}

SYSCALL(eventfd)
{
	struct event event;

	if (!CALL_BEGIN(EVENTFD_X))
		return;
	event_s64(&event, call->ret);
	event_u64(&event, call->args[0]);
	event_u32(&event, 0u);
	event_send(&event);
}

SYSCALL(eventfd2)
{
	struct event event;

	if (!CALL_BEGIN(EVENTFD2_X))
		return;
	event_s64(&event, call->ret);
	event_u16(&event, scap_wait_flags(call->args[1]));
	event_u64(&event, (u32)call->args[0]);
	event_send(&event);
}

SYSCALL(inotify_init)
{
	struct event event;

	if (!CALL_BEGIN(INOTIFY_INIT_X))
		return;
	event_s64(&event, call->ret);
	event_u8(&event, 0u);
	event_send(&event);
}

SYSCALL(inotify_init1)
{
	struct event event;

	if (!CALL_BEGIN(INOTIFY_INIT1_X))
		return;
	event_s64(&event, call->ret);
	event_u16(&event, scap_wait_flags(call->args[0]));
	event_send(&event);
}

SYSCALL(epoll_create)
{
	struct event event;

	if (!CALL_BEGIN(EPOLL_CREATE_X))
		return;
	event_s64(&event, call->ret);
	event_s32(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(epoll_create1)
{
	struct event event;

	if (!CALL_BEGIN(EPOLL_CREATE1_X))
		return;
	event_s64(&event, call->ret);
	event_u32(&event, MOVED(call->args[0], KERNEL_O_CLOEXEC, 1));
	event_send(&event);
}

SYSCALL(signalfd)
{
	struct event event;

	if (!CALL_BEGIN(SIGNALFD_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, 0u);
	event_u8(&event, 0u);
	event_send(&event);
}

SYSCALL(signalfd4)
{
	struct event event;

	if (!CALL_BEGIN(SIGNALFD4_X))
		return;
	event_s64(&event, call->ret);
	event_u16(&event, scap_wait_flags(call->args[3]));
	event_fd(&event, call->args[0]);
	event_u32(&event, 0u);
	event_send(&event);
}

SYSCALL(timerfd_create)
{
	struct event event;

	if (!CALL_BEGIN(TIMERFD_CREATE_X))
		return;
	event_s64(&event, call->ret);
	event_u8(&event, call->args[0]);
	event_u8(&event, scap_wait_flags(call->args[1]));
	event_send(&event);
}

SYSCALL(memfd_create)
{
	struct event event;

	if (!CALL_BEGIN(MEMFD_CREATE_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[0]);
	event_u32(&event, call->args[1] & MFD_FLAGS);
	event_send(&event);
}

SYSCALL(userfaultfd)
{
	struct event event;

	if (!CALL_BEGIN(USERFAULTFD_X))
		return;
	event_s64(&event, call->ret);
	event_u32(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(pidfd_open)
{
	struct event event;

	if (!CALL_BEGIN(PIDFD_OPEN_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, MOVED(call->args[1], KERNEL_O_NONBLOCK, 1));
	event_send(&event);
}

SYSCALL(pidfd_getfd)
{
	struct event event;

	if (!CALL_BEGIN(PIDFD_GETFD_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_fd(&event, call->args[1]);
	event_u32(&event, call->args[2]);
	event_send(&event);
}
