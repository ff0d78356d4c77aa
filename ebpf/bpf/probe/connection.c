/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Connections: who binds where, connects to whom, and accepts from whom.
 */
#define EINPROGRESS 115

SYSCALL(bind)
{
	struct event event;

	if (!CALL_BEGIN(BIND_X))
		return;
	event_s64(&event, call->ret);
	event_address(&event, call->args[1], call->args[2]);
	event_fd(&event, call->args[0]);
	event_send(&event);
}

/* The kernel's tuple says where the connection goes, the address what the caller asked for. */
SYSCALL(connect)
{
	struct event event;

	if (!CALL_BEGIN(CONNECT_X))
		return;
	event_s64(&event, call->ret);
	if (call->ret == 0 || call->ret == -EINPROGRESS)
		event_tuple(&event, call->args[0], OUTBOUND, call->args[1], call->args[2]);
	else
		event_empty(&event);
	event_fd(&event, call->args[0]);
	event_address(&event, call->args[1], call->args[2]);
	event_send(&event);
}

/* What accept and accept4 share: the new fd, its tuple, and how full the queue is. */
static __always_inline void put_accept(struct event *event, struct call *call)
{
	struct sock *sock = call->ret < 0 ? NULL : sock_of_fd(call->args[0]);
	u32 length = BPF_CORE_READ(sock, sk_ack_backlog);
	u32 max = BPF_CORE_READ(sock, sk_max_ack_backlog);

	event_s64(event, call->ret);
	if (call->ret >= 0)
		event_tuple(event, call->ret, INBOUND, 0, 0);
	else
		event_empty(event);
	event_u8(event, max ? (u64)length * 100 / max : 0);
	event_u32(event, length);
	event_u32(event, max);
}

SYSCALL(accept)
{
	struct event event;

	if (!CALL_BEGIN(ACCEPT_V5_X))
		return;
	put_accept(&event, call);
	event_send(&event);
}

SYSCALL(accept4)
{
	struct event event;

	if (!CALL_BEGIN(ACCEPT4_V6_X))
		return;
	put_accept(&event, call);
	event_u32(&event, scap_socket_flags(call->args[3]));
	event_send(&event);
}
