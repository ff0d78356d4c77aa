/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pipes: the numbers of both ends are where the kernel wrote them for the caller.
 */
static __always_inline void event_pipe(struct event *event, struct call *call)
{
	s32 fds[2] = {-1, -1};

	if (bpf_probe_read_user(fds, sizeof(fds), (void *)call->args[0]))
		fds[0] = fds[1] = -1;
	event_s64(event, call->ret);
	event_s64(event, fds[0]);
	event_s64(event, fds[1]);
	event_u64(event, call->ret == 0 ? file_inode_number(file_of_fd(fds[0])) : 0);
}

SYSCALL(pipe)
{
	struct event event;

	if (!CALL_BEGIN(PIPE_X))
		return;
	event_pipe(&event, call);
	event_send(&event);
}

SYSCALL(pipe2)
{
	struct event event;
	s32 flags = call->args[1];

	if (!CALL_BEGIN(PIPE2_X))
		return;
	event_pipe(&event, call);
	event_u32(&event, flags < 0 ? 0
				    : MOVED(flags, KERNEL_O_CLOEXEC, SCAP_O_CLOEXEC) |
					      MOVED(flags, KERNEL_O_DIRECT, SCAP_O_DIRECT) |
					      MOVED(flags, KERNEL_O_NONBLOCK, SCAP_O_NONBLOCK));
	event_send(&event);
}
