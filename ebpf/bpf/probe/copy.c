/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Moving bytes between files without user space.
 */

#define SPLICE_FLAGS 15 /* MOVE, NONBLOCK, MORE, GIFT, with the same values in scap */

static __always_inline void on_any_sendfile(struct call *call, u32 offset_bytes)
{
	struct event event;
	u64 offset = 0;

	if (!CALL_BEGIN(SENDFILE_X))
		return;
	bpf_probe_read_user(&offset, offset_bytes, (void *)call->args[2]);
	event_s64(&event, call->ret);
	event_u64(&event, offset);
	event_fd(&event, call->args[0]);
	event_fd(&event, call->args[1]);
	event_u64(&event, call->args[3]);
	event_send(&event);
}

SYSCALL(sendfile)
{
	on_any_sendfile(call, call->compat ? 4 : 8);
}

/* Of 32-bit programs only: with an offset of 64 bits. */
SYSCALL(sendfile64)
{
	on_any_sendfile(call, 8);
}

SYSCALL(splice)
{
	struct event event;

	if (!CALL_BEGIN(SPLICE_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_fd(&event, call->args[2]);
	event_u64(&event, call->args[4]);
	event_u32(&event, call->args[5] & SPLICE_FLAGS);
	event_send(&event);
}

SYSCALL(copy_file_range)
{
	struct event event;

	if (!CALL_BEGIN(COPY_FILE_RANGE_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[2]);
	event_u64(&event, call->args[3]);
	event_fd(&event, call->args[0]);
	event_u64(&event, call->args[1]);
	event_u64(&event, call->args[4]);
	event_send(&event);
}
