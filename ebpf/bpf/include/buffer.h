/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is read and written, as parameters: buffers and lists of buffers, cut at snaplen.
 */
#ifndef INNERWARDEN_BUFFER_H
#define INNERWARDEN_BUFFER_H

#include "event.h"

#define MAX_BUFFERS 32 /* of a list; libs 0.25.4 looks at no more */

/* The length at which buffers are cut. */
static __always_inline u32 snaplen(void)
{
	struct settings *settings = current_settings();

	return settings ? (u16)settings->snaplen : 0;
}

/* Appends bytes of user space; false, with nothing appended, if not all of them can be read. */
static __always_inline bool put_user_bytes(struct event *event, u64 address, u16 bytes)
{
	u64 length = bytes;

	/* Clang may know the limit from a comparison that verifiers of 5.10 and 6.1 cannot follow. */
	barrier_var(length);
	length &= MAX_EVENT_BYTES;
	if (bpf_probe_read_user(&event->bytes[POSITION(event->size)], length,
				(void *)address))
		return false;
	event->size += length;
	return true;
}

/* A whole parameter of bytes: all of them or, if one cannot be read, none. */
static __always_inline void event_user_bytes(struct event *event, u64 address, u16 bytes)
{
	if (address && put_user_bytes(event, address, bytes))
		event_end_param(event, bytes);
	else
		event_empty(event);
}

/* struct iovec, and as a 32-bit program has it. */
struct buffer {
	u64 address;
	u64 bytes;
};

struct compat_buffer {
	u32 address;
	u32 bytes;
};

/* A list of buffers in user space, of a native or of a 32-bit program. */
struct buffers {
	u64 list;
	u64 count;
	bool compat;
};

static __always_inline bool buffer_read(struct buffer *buffer, u64 list, u32 index, bool compat)
{
	struct compat_buffer narrow;

	if (!compat)
		return !bpf_probe_read_user(buffer, sizeof(*buffer),
					    (void *)(list + index * sizeof(*buffer)));
	if (bpf_probe_read_user(&narrow, sizeof(narrow), (void *)(list + index * sizeof(narrow))))
		return false;
	buffer->address = narrow.address;
	buffer->bytes = narrow.bytes;
	return true;
}

/*
 * The two loops are functions of their own so that they are verified once, and not for each
 * path through each program that has them. Numbers are all that kernels before 5.12 let such
 * functions have (e5069b9c23b3).
 */

/* How many bytes the buffers have together, 0 if the list cannot be read. */
__noinline u32 sum_buffers(u64 list, u64 count, u32 compat)
{
	struct buffer buffer = {};
	u32 bytes = 0, index;

	for (index = 0; index < MAX_BUFFERS && index < count; index++) {
		if (!buffer_read(&buffer, list, index, compat))
			return 0;
		bytes += buffer.bytes;
	}
	return bytes;
}

/* Copies at most `limit` bytes to `position` of a scratch buffer and returns how many. */
__noinline u32 copy_buffers(u64 scratch_key, u64 position, u64 list, u64 count_and_compat,
			    u64 limit)
{
	u32 key = scratch_key, index, count = count_and_compat >> 1;
	bool compat = count_and_compat & 1;
	struct scratch *scratch = bpf_map_lookup_elem(&scratches, &key);
	struct buffer buffer = {};
	u64 size = 0;

	for (index = 0; scratch && index < MAX_BUFFERS && index < count && size < limit; index++) {
		if (!buffer_read(&buffer, list, index, compat))
			break;
		if (buffer.bytes > limit - size)
			buffer.bytes = limit - size;
		if (bpf_probe_read_user(&scratch->bytes[POSITION(position + size)],
					(u16)buffer.bytes, (void *)buffer.address))
			break;
		size += (u16)buffer.bytes;
	}
	return size;
}

static __always_inline u32 buffers_bytes(struct buffers *buffers)
{
	return sum_buffers(buffers->list, buffers->count, buffers->compat);
}

/*
 * The first `limit` bytes of the buffers as one parameter, up to the first that cannot be read.
 * Unlike in Falco an empty buffer does not end the list, nor does one of 64 KiB look empty.
 */
static __always_inline void event_buffers(struct event *event, struct buffers *buffers, u16 limit)
{
	u64 count = buffers->count > MAX_BUFFERS ? MAX_BUFFERS : buffers->count;
	u16 bytes = copy_buffers(event->scratch->key, event->size, buffers->list,
				 count << 1 | buffers->compat, limit);

	event->size += bytes;
	event_end_param(event, bytes);
}

#endif /* INNERWARDEN_BUFFER_H */
