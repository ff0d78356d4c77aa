/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages of many buffers and ancillary data are sent or received, one or several at once.
 */
SYSCALL(sendmsg)
{
	struct message message;
	struct buffers buffers;
	struct event event;
	u32 limit = snaplen();
	bool readable;

	if (!CALL_BEGIN(SENDMSG_X))
		return;
	readable = message_read(&message, call->args[1], SINGLE, call->compat);
	buffers = message_buffers(&message, call->compat);
	event_s64(&event, call->ret);
	event_buffers(&event, &buffers, call->ret > 0 && call->ret < limit ? call->ret : limit);
	event_fd(&event, call->args[0]);
	if (readable)
		event_u32(&event, buffers_bytes(&buffers));
	else
		event_empty(&event);
	if (readable && call->ret >= 0)
		event_tuple(&event, call->args[0], OUTBOUND, message.name, message.name_bytes);
	else
		event_empty(&event);
	event_send(&event);
}

SYSCALL(recvmsg)
{
	struct message message = {};
	struct buffers buffers;
	struct event event;
	u32 limit = snaplen();

	if (!CALL_BEGIN(RECVMSG_X))
		return;
	event_s64(&event, call->ret);
	if (call->ret >= 0) {
		message_read(&message, call->args[1], SINGLE, call->compat);
		buffers = message_buffers(&message, call->compat);
		event_u32(&event, call->ret);
		event_buffers(&event, &buffers, call->ret < limit ? call->ret : limit);
		event_tuple(&event, call->args[0], INBOUND, message.name, message.name_bytes);
		event_control(&event, &message);
	} else {
		event_u32(&event, 0);
		event_empty(&event);
		event_empty(&event);
		event_empty(&event);
	}
	event_fd(&event, call->args[0]);
	event_send(&event);
}

/* Falco reports no more messages of one call. */
#define MAX_MESSAGES 16

/*
 * One message of several. A function of its own, verified once and not for each message; numbers
 * are all that kernels before 5.12 let it have (e5069b9c23b3).
 */
__noinline int report_sent(u64 address, u32 fd, u32 compat)
{
	struct message message;
	struct buffers buffers;
	struct event event;
	u32 limit = snaplen();

	if (!EVENT_BEGIN(&event, SENDMMSG_X))
		return 0;
	message_read(&message, address, ONE_OF_MANY, compat);
	buffers = message_buffers(&message, compat);
	event_s64(&event, message.bytes);
	event_fd(&event, fd);
	event_u32(&event, buffers_bytes(&buffers));
	event_buffers(&event, &buffers,
		      message.bytes && message.bytes < limit ? message.bytes : limit);
	event_tuple(&event, fd, OUTBOUND, message.name, message.name_bytes);
	event_send(&event);
	return 0;
}

__noinline int report_received(u64 address, u32 fd, u32 compat)
{
	struct message message;
	struct buffers buffers;
	struct event event;
	u32 limit = snaplen();

	if (!EVENT_BEGIN(&event, RECVMMSG_X))
		return 0;
	message_read(&message, address, ONE_OF_MANY, compat);
	buffers = message_buffers(&message, compat);
	event_s64(&event, message.bytes);
	event_fd(&event, fd);
	event_u32(&event, message.bytes);
	event_buffers(&event, &buffers, message.bytes < limit ? message.bytes : limit);
	event_tuple(&event, fd, INBOUND, message.name, message.name_bytes);
	event_control(&event, &message);
	event_send(&event);
	return 0;
}

/* One event for each message, or one for the failure. */
SYSCALL(sendmmsg)
{
	u32 stride = message_stride(call->compat);
	struct event event;
	s64 index;

	for (index = 0; index < MAX_MESSAGES && index < call->ret; index++)
		report_sent(call->args[1] + index * stride, call->args[0], call->compat);
	if (call->ret > 0 || !CALL_BEGIN(SENDMMSG_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, 0);
	event_empty(&event);
	event_empty(&event);
	event_send(&event);
}

SYSCALL(recvmmsg)
{
	u32 stride = message_stride(call->compat);
	struct event event;
	s64 index;

	for (index = 0; index < MAX_MESSAGES && index < call->ret; index++)
		report_received(call->args[1] + index * stride, call->args[0], call->compat);
	if (call->ret > 0 || !CALL_BEGIN(RECVMMSG_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_u32(&event, 0);
	event_empty(&event);
	event_empty(&event);
	event_empty(&event);
	event_send(&event);
}
