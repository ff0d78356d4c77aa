/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Operations of io_uring that open, connect, send or change names: no system call is made for
 * them. Each is told when it is submitted, as an asynchronous event named "io_uring_enter" whose data
 * is the operation and, where the kernel has it, the path. It is no event of the system call
 * that does the same: its result and its other parameters are not known here.
 *
 * Since 6.0 the tracepoint has the request; before, rings are seen by io_uring_setup and
 * io_uring_enter alone.
 */
#define OPERATION_BYTES 12

/* By number, include/uapi/linux/io_uring.h; empty: not told. */
static const char ring_operations[64][OPERATION_BYTES] = {
	[9] = "sendmsg",      [10] = "recvmsg",     [13] = "accept",  [16] = "connect",
	[18] = "openat",      [26] = "send",	    [27] = "recv",    [28] = "openat2",
	[35] = "renameat",    [36] = "unlinkat",    [37] = "mkdirat", [38] = "symlinkat",
	[39] = "linkat",      [41] = "setxattr",    [42] = "fsetxattr",
	[45] = "socket",      [46] = "uring_cmd",   [47] = "send_zc", [48] = "sendmsg_zc",
	[55] = "ftruncate",   [56] = "bind",	    [57] = "listen",  [58] = "recv_zc",
};

enum { RING_OPENAT = 18, RING_OPENAT2 = 28 };

/*
 * What was prepared for opening lies at the start of the request (since 6.0, f2ccb5aed7bc). Linux 7 keeps the
 * name in another way, and it is not told there.
 */
static __always_inline char *opened_path(struct io_kiocb *request, u64 operation)
{
	struct io_open *open = (struct io_open *)request;

	if (!bpf_core_type_exists(struct io_open) || !bpf_core_field_exists(open->filename) ||
	    (operation != RING_OPENAT && operation != RING_OPENAT2))
		return NULL;
	return BPF_CORE_READ(open, filename, name);
}

/* data: "openat /etc/passwd", "connect" */
static __always_inline void event_ring_operation(struct event *event, const char *operation,
						 char *path)
{
	u64 before = event->size;
	long bytes = bpf_probe_read_kernel_str(&event->scratch->bytes[POSITION(event->size)],
					       OPERATION_BYTES, operation);

	event_advance(event, bytes > 0 ? bytes : 0);
	if (path) {
		event->scratch->bytes[POSITION(event->size - 1)] = ' ';
		bytes = bpf_probe_read_kernel_str(&event->scratch->bytes[POSITION(event->size)],
						  MAX_PATH_BYTES, path);
		event_advance(event, bytes > 0 ? bytes : 0);
	}
	event_end_param(event, event->size - before);
}

/*
 * Lengths of parameters of this type have 32 bits: each is a length, and an upper half that is
 * always 0.
 */
static __always_inline bool begin_asynchronous(struct event *event)
{
	struct event_header *header;

	if (!event_begin(event, EVENT_ASYNCEVENT_E, 2 * EVENT_ASYNCEVENT_E_PARAMS,
			 (u32)bpf_get_current_pid_tgid()))
		return false;
	header = (struct event_header *)event->scratch->bytes;
	header->params = EVENT_ASYNCEVENT_E_PARAMS;
	return true;
}

static __always_inline void end_upper_half(struct event *event)
{
	event_end_param(event, 0);
}

static __always_inline void on_ring_operation(struct io_kiocb *request)
{
	u64 number = BPF_CORE_READ(request, opcode);
	const char *operation = ring_operations[number & 63];
	struct event event;

	if (number > 63 || !*operation || is_self() || !begin_asynchronous(&event))
		return;
	event_u32(&event, 0); /* of no plugin */
	end_upper_half(&event);
	event_kernel_text(&event, "io_uring_enter", sizeof("io_uring_enter"));
	end_upper_half(&event);
	event_ring_operation(&event, operation, opened_path(request, number));
	end_upper_half(&event);
	event_send(&event);
}

/* Since 6.4. */
SEC("tp_btf/io_uring_submit_req")
int ring_operation(u64 *ctx)
{
	on_ring_operation((struct io_kiocb *)ctx[0]);
	return 0;
}

/* From 6.0 on; before, the request was not the first argument, and this type not there. */
SEC("tp_btf/io_uring_submit_sqe")
int ring_operation_old(u64 *ctx)
{
	if (bpf_core_type_exists(struct io_cmd_data))
		on_ring_operation((struct io_kiocb *)ctx[0]);
	return 0;
}
