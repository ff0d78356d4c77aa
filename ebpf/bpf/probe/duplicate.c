/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Copies of file descriptors, and what fcntl(2) does with one.
 */
#include "fcntl_command.h"

SYSCALL(dup)
{
	struct event event;

	if (!CALL_BEGIN(DUP_V1_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(dup2)
{
	struct event event;

	if (!CALL_BEGIN(DUP2_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_fd(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(dup3)
{
	struct event event;

	if (!CALL_BEGIN(DUP3_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_fd(&event, call->args[1]);
	event_u32(&event, MOVED(call->args[2], KERNEL_O_CLOEXEC, SCAP_O_CLOEXEC));
	event_send(&event);
}

static __always_inline void on_any_fcntl(struct call *call)
{
	u8 command = scap_fcntl_command(call->args[1]);
	struct event event;

	if (!CALL_BEGIN_OF(FCNTL_X, command))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u8(&event, command);
	event_u64(&event, call->args[2]);
	event_send(&event);
}

SYSCALL(fcntl)
{
	on_any_fcntl(call);
}

/* Of 32-bit programs only: what they call fcntl(2). */
SYSCALL(fcntl64)
{
	on_any_fcntl(call);
}
