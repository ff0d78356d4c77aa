/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reading and writing lists of buffers, of one's own or of another process.
 */

static __always_inline struct buffers call_buffers(struct call *call)
{
	return (struct buffers){
		.list = call->args[1],
		.count = call->args[2],
		.compat = call->compat,
	};
}

static __always_inline void event_read_buffers(struct event *event, struct call *call)
{
	struct buffers buffers = call_buffers(call);

	if (call->ret > 0)
		event_buffers(event, &buffers, read_limit(call));
	else
		event_empty(event);
}

static __always_inline void event_read_vector(struct event *event, struct call *call)
{
	event_s64(event, call->ret);
	event_u32(event, call->ret > 0 ? call->ret : 0);
	event_read_buffers(event, call);
	event_fd(event, call->args[0]);
}

static __always_inline void event_written_vector(struct event *event, struct call *call)
{
	struct buffers buffers = call_buffers(call);

	event_s64(event, call->ret);
	event_buffers(event, &buffers, call->ret > 0 ? read_limit(call) : snaplen());
	event_fd(event, call->args[0]);
	event_u32(event, buffers_bytes(&buffers));
}

SYSCALL(readv)
{
	struct event event;

	if (!CALL_BEGIN(READV_X))
		return;
	event_read_vector(&event, call);
	event_send(&event);
}

SYSCALL(writev)
{
	struct event event;

	if (!CALL_BEGIN(WRITEV_X))
		return;
	event_written_vector(&event, call);
	event_send(&event);
}

SYSCALL(preadv)
{
	struct event event;

	if (!CALL_BEGIN(PREADV_X))
		return;
	event_read_vector(&event, call);
	event_u64(&event, call_position(call));
	event_send(&event);
}

SYSCALL(pwritev)
{
	struct event event;

	if (!CALL_BEGIN(PWRITEV_X))
		return;
	event_written_vector(&event, call);
	event_u64(&event, call_position(call));
	event_send(&event);
}

static __always_inline void event_process_memory(struct event *event, struct call *call)
{
	event_s64(event, call->ret);
	event_s64(event, call->args[0]);
	event_read_buffers(event, call);
}

SYSCALL(process_vm_readv)
{
	struct event event;

	if (!CALL_BEGIN(PROCESS_VM_READV_X))
		return;
	event_process_memory(&event, call);
	event_send(&event);
}

SYSCALL(process_vm_writev)
{
	struct event event;

	if (!CALL_BEGIN(PROCESS_VM_WRITEV_X))
		return;
	event_process_memory(&event, call);
	event_send(&event);
}
