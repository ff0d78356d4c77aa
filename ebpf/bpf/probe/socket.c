/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sockets come to be, listen, and are shut down.
 */
SYSCALL(socket)
{
	struct event event;

	if (!CALL_BEGIN(SOCKET_X))
		return;
	event_s64(&event, call->ret);
	event_u32(&event, scap_family(call->args[0]));
	event_u32(&event, call->args[1]);
	event_u32(&event, call->args[2]);
	event_u32(&event, scap_socket_flags(call->args[1]));
	event_send(&event);
}

/* The two sockets are known by the numbers that tuples of their events will have. */
SYSCALL(socketpair)
{
	struct sock *source = NULL;
	struct sock *peer = NULL;
	s32 fds[2] = { -1, -1 };
	struct event event;

	if (!CALL_BEGIN(SOCKETPAIR_X))
		return;
	if (call->ret == 0) {
		bpf_probe_read_user(fds, sizeof(fds), (void *)call->args[3]);
		source = sock_of_fd(fds[0]);
		peer = BPF_CORE_READ((struct unix_sock *)source, peer);
	}
	event_s64(&event, call->ret);
	event_s64(&event, fds[0]);
	event_s64(&event, fds[1]);
	event_u64(&event, (u64)source);
	event_u64(&event, (u64)peer);
	event_u32(&event, scap_family(call->args[0]));
	event_u32(&event, call->args[1]);
	event_u32(&event, call->args[2]);
	event_send(&event);
}

SYSCALL(listen)
{
	struct event event;

	if (!CALL_BEGIN(LISTEN_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_s32(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(shutdown)
{
	struct event event;
	u32 how = call->args[1];

	if (!CALL_BEGIN(SHUTDOWN_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u8(&event, how <= 2 ? how : 0xff); /* SHUT_RDWR is the last */
	event_send(&event);
}

/* Falco wants to know that these two happened, and nothing else. */
SYSCALL(getsockname)
{
	struct event event;

	if (CALL_BEGIN(GETSOCKNAME_X))
		event_send(&event);
}

SYSCALL(getpeername)
{
	struct event event;

	if (CALL_BEGIN(GETPEERNAME_X))
		event_send(&event);
}
