/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Headers of messages: struct msghdr and mmsghdr of native and of 32-bit programs.
 */
#ifndef INNERWARDEN_MESSAGE_H
#define INNERWARDEN_MESSAGE_H

#include "address.h"
#include "buffer.h"

/* struct user_msghdr, at the head of struct mmsghdr: include/linux/socket.h. */
struct message {
	u64 name;
	u32 name_bytes;
	u32 unused0;
	u64 buffers;
	u64 buffer_count;
	u64 control;
	u64 control_bytes;
	u32 flags;
	u32 unused1;
	u32 bytes; /* of the message: only in struct mmsghdr */
	u32 unused2;
};
_Static_assert(sizeof(struct message) == 64, "struct mmsghdr");

struct compat_message {
	u32 name;
	u32 name_bytes;
	u32 buffers;
	u32 buffer_count;
	u32 control;
	u32 control_bytes;
	u32 flags;
	u32 bytes; /* only in struct compat_mmsghdr */
};
_Static_assert(sizeof(struct compat_message) == 32, "struct compat_mmsghdr");

/* Whether a header stands alone or is one of an array and says how long its message was. */
enum header { SINGLE, ONE_OF_MANY };

static __always_inline u32 message_stride(bool compat)
{
	return compat ? sizeof(struct compat_message) : sizeof(struct message);
}

/* Copies a header; false, with all of it 0, if it cannot be read. */
static __always_inline bool message_read(struct message *message, u64 address, enum header header,
					 bool compat)
{
	struct compat_message narrow = {};
	u32 bytes;

	__builtin_memset(message, 0, sizeof(*message));
	if (!compat) {
		bytes = header == SINGLE ? __builtin_offsetof(struct message, bytes)
					 : sizeof(*message);
		return !bpf_probe_read_user(message, bytes, (void *)address);
	}
	bytes = header == SINGLE ? __builtin_offsetof(struct compat_message, bytes)
				 : sizeof(narrow);
	if (bpf_probe_read_user(&narrow, bytes, (void *)address))
		return false;
	message->name = narrow.name;
	message->name_bytes = narrow.name_bytes;
	message->buffers = narrow.buffers;
	message->buffer_count = narrow.buffer_count;
	message->control = narrow.control;
	message->control_bytes = narrow.control_bytes;
	message->bytes = narrow.bytes;
	return true;
}

static __always_inline struct buffers message_buffers(struct message *message, bool compat)
{
	return (struct buffers){ message->buffers, message->buffer_count, compat };
}

/* Ancillary data: file descriptors, credentials. More than a parameter can hold is left out. */
static __always_inline void event_control(struct event *event, struct message *message)
{
	if (message->control_bytes <= 0xffff)
		event_user_bytes(event, message->control, message->control_bytes);
	else
		event_empty(event);
}

#endif /* INNERWARDEN_MESSAGE_H */
