/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Rings of requests to the kernel. What the requests do makes no system call and no event.
 */
#define URING_FEATURES 0x6ff /* with the same values in scap; Falco never shows EXT_ARG */
#define URING_ENTER_FLAGS 15 /* GETEVENTS, SQ_WAKEUP, SQ_WAIT, EXT_ARG, with the same values */

/* The beginning of `struct io_uring_params`: include/uapi/linux/io_uring.h. */
struct uring_params {
	u32 sq_entries;
	u32 cq_entries;
	u32 flags;
	u32 sq_thread_cpu;
	u32 sq_thread_idle;
	u32 features;
};

/* IOPOLL is bit 0; so is IORING_SQ_NEED_WAKEUP, of another field, which Falco shows beside it. */
static __always_inline u32 scap_uring_flags(u32 flags)
{
	return (flags & 3) | MOVED(flags, 1, 1 << 2) | (flags & 0x7c) << 1;
}

SYSCALL(io_uring_setup)
{
	struct uring_params params = {};
	struct event event;

	if (!CALL_BEGIN(IO_URING_SETUP_X))
		return;
	bpf_probe_read_user(&params, sizeof(params), (void *)call->args[1]);
	event_s64(&event, call->ret);
	event_u32(&event, call->args[0]);
	event_u32(&event, params.sq_entries);
	event_u32(&event, params.cq_entries);
	event_u32(&event, scap_uring_flags(params.flags));
	event_u32(&event, params.sq_thread_cpu);
	event_u32(&event, params.sq_thread_idle);
	event_u32(&event, params.features & URING_FEATURES);
	event_send(&event);
}

SYSCALL(io_uring_enter)
{
	struct event event;

	if (!CALL_BEGIN(IO_URING_ENTER_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, call->args[1]);
	event_u32(&event, call->args[2]);
	event_u32(&event, call->args[3] & URING_ENTER_FLAGS);
	event_u32(&event, call->args[4]); /* half of a pointer, as in Falco */
	event_send(&event);
}

SYSCALL(io_uring_register)
{
	struct event event;

	if (!CALL_BEGIN(IO_URING_REGISTER_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u16(&event, call->args[1]);
	event_u64(&event, call->args[2]);
	event_u32(&event, call->args[3]);
	event_send(&event);
}
