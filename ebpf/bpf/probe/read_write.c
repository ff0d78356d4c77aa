/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reading and writing. What is written is told even if the call fails; what is read only if
 * something was.
 */

static __always_inline u16 read_limit(struct call *call)
{
	u32 limit = snaplen();

	return call->ret < limit ? call->ret : limit;
}

static __always_inline void event_read(struct event *event, struct call *call)
{
	event_s64(event, call->ret);
	if (call->ret > 0)
		event_user_bytes(event, call->args[1], read_limit(call));
	else
		event_empty(event);
	event_fd(event, call->args[0]);
	event_u32(event, call->args[2]);
}

static __always_inline void event_written(struct event *event, struct call *call)
{
	s64 bytes = call->ret > 0 ? call->ret : (s64)call->args[2];
	u32 limit = snaplen();

	event_s64(event, call->ret);
	event_user_bytes(event, call->args[1], bytes < limit ? bytes : limit);
	event_fd(event, call->args[0]);
	event_u32(event, call->args[2]);
}

/* Where a file is read or written: in two halves in 32-bit programs. */
static __always_inline u64 call_position(struct call *call)
{
	return call->compat ? call->args[4] << 32 | call->args[3] : call->args[3];
}

SYSCALL(read)
{
	struct event event;

	if (!CALL_BEGIN(READ_X))
		return;
	event_read(&event, call);
	event_send(&event);
}

SYSCALL(write)
{
	struct event event;

	if (!CALL_BEGIN(WRITE_X))
		return;
	event_written(&event, call);
	event_send(&event);
}

SYSCALL(pread64)
{
	struct event event;

	if (!CALL_BEGIN(PREAD_X))
		return;
	event_read(&event, call);
	event_u64(&event, call_position(call));
	event_send(&event);
}

SYSCALL(pwrite64)
{
	struct event event;

	if (!CALL_BEGIN(PWRITE_X))
		return;
	event_written(&event, call);
	event_u64(&event, call_position(call));
	event_send(&event);
}
