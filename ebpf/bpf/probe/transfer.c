/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One buffer is sent or received.
 */

/* What sendto and send share: `user` is the address of the receiver, if one is named. */
static __always_inline void put_send(struct event *event, struct call *call, u64 user, u32 length)
{
	u32 size = call->args[2];
	u64 bytes = call->ret > 0 ? call->ret : size;
	u32 limit = snaplen();

	event_s64(event, call->ret);
	event_user_bytes(event, call->args[1], bytes < limit ? bytes : limit);
	event_fd(event, call->args[0]);
	event_u32(event, size);
	if (call->ret >= 0)
		event_tuple(event, call->args[0], OUTBOUND, user, length);
	else
		event_empty(event);
}

SYSCALL(sendto)
{
	struct event event;

	if (!CALL_BEGIN(SENDTO_X))
		return;
	put_send(&event, call, call->args[4], call->args[5]);
	event_send(&event);
}

/* Only 32-bit x86 has send and recv, by way of socketcall. */
SYSCALL(send)
{
	struct event event;

	if (!CALL_BEGIN(SEND_X))
		return;
	put_send(&event, call, 0, 0);
	event_send(&event);
}

static __always_inline void put_received(struct event *event, struct call *call)
{
	u32 limit = snaplen();

	if (call->ret >= 0)
		event_user_bytes(event, call->args[1], call->ret < limit ? call->ret : limit);
	else
		event_empty(event);
}

static __always_inline void put_sender(struct event *event, struct call *call, u64 user)
{
	if (call->ret >= 0)
		event_tuple(event, call->args[0], INBOUND, user, ADDRESS_BYTES);
	else
		event_empty(event);
}

SYSCALL(recvfrom)
{
	struct event event;

	if (!CALL_BEGIN(RECVFROM_X))
		return;
	event_s64(&event, call->ret);
	put_received(&event, call);
	put_sender(&event, call, call->args[4]);
	event_fd(&event, call->args[0]);
	event_u32(&event, call->args[2]);
	event_send(&event);
}

SYSCALL(recv)
{
	struct event event;

	if (!CALL_BEGIN(RECV_X))
		return;
	event_s64(&event, call->ret);
	put_received(&event, call);
	event_fd(&event, call->args[0]);
	event_u32(&event, call->args[2]);
	put_sender(&event, call, 0);
	event_send(&event);
}
