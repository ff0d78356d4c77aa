/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Writing one event: header, lengths of the parameters, parameters, exactly as in a capture.
 *
 * A probe never blocks and never fails the syscall it watches. What cannot be delivered is
 * counted by event type and reason; user space exports the counts, so loss is visible.
 */
#ifndef INNERWARDEN_EVENT_H
#define INNERWARDEN_EVENT_H

#include "maps.h"

/*
 * The event under construction. A local variable of the program, not a map value: as long as
 * only parameters of fixed size were written, clang knows every offset.
 */
struct event {
	struct scratch *scratch; /* NULL if it is written where it is sent from */
	u8 *bytes;
	u64 fixed_bytes; /* of the whole event, if its type says it; else 0 */
	u64 size; /* bytes written; may exceed MAX_EVENT_BYTES, then the event is dropped */
	u32 slot; /* offset of the next length */
	u32 type;
};

#define POSITION(size) ((size) & MAX_EVENT_BYTES)

static __always_inline struct counters *event_counters(u32 type)
{
	return bpf_map_lookup_elem(&counters, &type);
}

/* Bytes that must never be lost if there is any way: they carry identity, privilege or code. */
static __always_inline bool event_is_vital(u32 type)
{
	switch (type) {
	case EVENT_CLONE_V20_X:
	case EVENT_FORK_V20_X:
	case EVENT_VFORK_V20_X:
	case EVENT_CLONE3_X:
	case EVENT_EXECVE_V19_X:
	case EVENT_EXECVEAT_X:
	case EVENT_PROCEXIT_V1_E:
	case EVENT_SETUID_X:
	case EVENT_SETGID_X:
	case EVENT_SETRESUID_X:
	case EVENT_SETRESGID_X:
	case EVENT_SETREUID_X:
	case EVENT_SETREGID_X:
	case EVENT_SETSID_X:
	case EVENT_CAPSET_X:
	case EVENT_SETNS_X:
	case EVENT_UNSHARE_X:
	case EVENT_CHROOT_X:
	case EVENT_PTRACE_X:
	case EVENT_INIT_MODULE_X:
	case EVENT_FINIT_MODULE_X:
	case EVENT_BPF_V2_X:
	case EVENT_CONNECT_X:
	case EVENT_MOUNT_X:
	case EVENT_ASYNCEVENT_E: /* connections and more, through io_uring */
		return true;
	default:
		return false;
	}
}

/* The ring buffer of this CPU, if an event of this type may still be written there. */
static __always_inline void *ring_with_room(u32 type)
{
	u32 cpu = bpf_get_smp_processor_id();
	void *ring = bpf_map_lookup_elem(&rings, &cpu);

	if (!ring || event_is_vital(type) ||
	    bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) < bulk_limit_bytes)
		return ring;
	return NULL;
}

static __always_inline struct scratch *scratch_claim(void)
{
	u32 first = bpf_get_smp_processor_id() * SCRATCHES;
	struct scratch *scratch;
	u32 index;

#pragma unroll
	for (index = 0; index < SCRATCHES; index++) {
		u32 key = first + index;

		scratch = bpf_map_lookup_elem(&scratches, &key);
		if (!scratch)
			return NULL;
		__sync_fetch_and_add(&scratch->claims, 1);
		if (*(volatile u64 *)&scratch->claims == 1) {
			scratch->key = key;
			return scratch;
		}
		__sync_fetch_and_add(&scratch->claims, -1);
	}
	return NULL;
}

/*
 * The same number, but the verifier no longer knows its range. Paths through the program
 * that differ in nothing but ranges become one, which makes loops cheap to verify.
 */
static __always_inline u64 scratch_forget(struct scratch *scratch, u64 number)
{
	*(volatile u64 *)&scratch->number = number;
	return *(volatile u64 *)&scratch->number;
}

/* A field of the header, written at once: clang takes those of a packed structure byte by byte. */
#define HEADER_FIELD(event, name)                                                                  \
	(*(typeof(((struct event_header *)0)->name) *)&(event)->bytes[__builtin_offsetof(          \
		struct event_header, name)])

/* Header and lengths; parameters follow. */
#define EVENT_HEAD_BYTES(params) (sizeof(struct event_header) + (params) * sizeof(u16))

static __always_inline void event_head(struct event *event, u32 type, u32 params, u64 tid,
				       struct settings *settings)
{
	HEADER_FIELD(event, time_ns) = settings->boot_time_ns + bpf_ktime_get_boot_ns();
	HEADER_FIELD(event, tid) = tid;
	HEADER_FIELD(event, type) = type;
	HEADER_FIELD(event, params) = params;
	event->type = type;
	event->slot = sizeof(struct event_header);
	event->size = EVENT_HEAD_BYTES(params);
}

/* Returns false after counting the loss if there is no room to write. */
static __always_inline bool event_begin(struct event *event, u32 type, u32 params, u64 tid)
{
	struct settings *settings = current_settings();

	event->scratch = settings ? scratch_claim() : NULL;
	if (!event->scratch) {
		struct counters *counters = event_counters(type);

		if (counters)
			counters->no_scratch++;
		return false;
	}
	event->bytes = event->scratch->bytes;
	event->fixed_bytes = 0;
	event_head(event, type, params, tid, settings);
	return true;
}

/* The same for an event of `bytes`, a constant: it is written into the ring buffer at once. */
static __always_inline bool event_begin_fixed(struct event *event, u32 type, u32 params, u64 tid,
					      u64 bytes)
{
	struct settings *settings = current_settings();
	void *ring = ring_with_room(type);

	event->scratch = NULL;
	event->fixed_bytes = bytes;
	event->bytes = settings && ring ? bpf_ringbuf_reserve(ring, bytes, 0) : NULL;
	if (!event->bytes) {
		struct counters *counters = event_counters(type);

		if (counters)
			counters->ring_full++;
		return false;
	}
	event_head(event, type, params, tid, settings);
	return true;
}

/*
 * Begins an event of the calling thread, e.g. EVENT_BEGIN(&event, CLOSE_X). Types, their numbers
 * of parameters and, where none varies, the bytes of those come from event/data/events.json by
 * way of build.rs.
 */
#define EVENT_BEGIN(event, name)                                                                   \
	(EVENT_##name##_BYTES                                                                      \
		 ? event_begin_fixed(event, EVENT_##name, EVENT_##name##_PARAMS, current_tid(),    \
				     EVENT_HEAD_BYTES(EVENT_##name##_PARAMS) + EVENT_##name##_BYTES) \
		 : EVENT_BEGIN_VARYING(event, name))

/* For an event of which a parameter may be missing. */
#define EVENT_BEGIN_VARYING(event, name) \
	event_begin(event, EVENT_##name, EVENT_##name##_PARAMS, current_tid())

/* Ends a parameter whose `bytes` are written and added to event->size already. */
static __always_inline void event_end_param(struct event *event, u16 bytes)
{
	*(u16 *)&event->bytes[event->slot] = bytes;
	event->slot += sizeof(u16);
}

/* Counts bytes whose number was not known when the program was compiled. */
static __always_inline void event_advance(struct event *event, u64 bytes)
{
	event->size = scratch_forget(event->scratch, event->size + bytes);
}

/* A parameter that is not available. */
static __always_inline void event_empty(struct event *event)
{
	event_end_param(event, 0);
}

/* put_*: a part of a parameter; event_*: a whole one. */
#define EVENT_NUMBER(name, type)                                                       \
	static __always_inline void put_##name(struct event *event, type value)        \
	{                                                                              \
		*(type *)&event->bytes[POSITION(event->size)] = value;        \
		event->size += sizeof(type);                                           \
	}                                                                              \
	static __always_inline void event_##name(struct event *event, type value)      \
	{                                                                              \
		put_##name(event, value);                                              \
		event_end_param(event, sizeof(type));                                  \
	}
EVENT_NUMBER(u8, u8)
EVENT_NUMBER(u16, u16)
EVENT_NUMBER(u32, u32)
EVENT_NUMBER(u64, u64)
EVENT_NUMBER(s16, s16)
EVENT_NUMBER(s32, s32)
EVENT_NUMBER(s64, s64)
#undef EVENT_NUMBER

/*
 * Room to look at what user space passed before it becomes parameters: the half of the
 * scratch buffer that a valid event does not reach.
 */
static __always_inline u8 *event_workspace(struct event *event)
{
	return &event->bytes[MAX_EVENT_BYTES + 1];
}

/* A file descriptor as scap has it: its low 32 bits, sign-extended; AT_FDCWD is -100 by itself. */
static __always_inline void event_fd(struct event *event, u64 value)
{
	event_s64(event, (s32)value);
}

#define MAX_PATH_BYTES 4096

/*
 * A NUL-terminated text of user space, cut at `max` bytes including the NUL; nothing if it
 * cannot be read. `max` is a constant of at most MAX_PATH_BYTES. Returns the bytes.
 */
static __always_inline u64 put_user_text(struct event *event, u64 address, u32 max)
{
	long bytes = 0;

	if (address)
		bytes = bpf_probe_read_user_str(&event->bytes[POSITION(event->size)],
						max, (void *)address);
	if (bytes < 0)
		bytes = 0;
	event_advance(event, bytes);
	return bytes;
}

static __always_inline void event_user_text(struct event *event, u64 address, u32 max)
{
	event_end_param(event, put_user_text(event, address, max));
}

/* A path, or another text that the kernel takes up to the length of a path. */
static __always_inline void event_user_path(struct event *event, u64 address)
{
	event_user_text(event, address, MAX_PATH_BYTES);
}

/* A NUL-terminated text of the kernel, cut at `max` bytes including the NUL. */
static __always_inline void event_kernel_text(struct event *event, const void *address, u32 max)
{
	long bytes = bpf_probe_read_kernel_str(&event->bytes[POSITION(event->size)], max,
					       address);

	if (bytes < 0)
		bytes = 0;
	event_advance(event, bytes);
	event_end_param(event, bytes);
}

/* Sends the event from the scratch buffer, and gives that back. */
/* Gives the scratch buffer back; an event that was begun there is not sent. */
static __always_inline void event_give_up(struct event *event)
{
	__sync_fetch_and_add(&event->scratch->claims, -1);
}

static __always_inline void event_output(struct event *event, struct counters *counters)
{
	if (counters && event->size > MAX_EVENT_BYTES) {
		counters->too_long++;
	} else if (counters) {
		void *ring = ring_with_room(event->type);

		HEADER_FIELD(event, bytes) = event->size;
		/* User space polls: a wake-up for each event would cost more than the event. */
		if (ring && !bpf_ringbuf_output(ring, event->bytes, POSITION(event->size),
						BPF_RB_NO_WAKEUP))
			counters->sent++;
		else
			counters->ring_full++;
	}
	event_give_up(event);
}

/* Called nowhere: clang knows when all parameters were written. */
void event_lacks_a_parameter(void)
	__attribute__((error("an event of a fixed size lacks a parameter: EVENT_BEGIN_VARYING")));

static __always_inline void event_submit(struct event *event, struct counters *counters)
{
	if (event->size != event->fixed_bytes)
		event_lacks_a_parameter();
	HEADER_FIELD(event, bytes) = event->fixed_bytes;
	if (counters)
		counters->sent++;
	bpf_ringbuf_submit(event->bytes, BPF_RB_NO_WAKEUP);
}

/* Every event that was begun must get here, or be given up. */
static __always_inline void event_send(struct event *event)
{
	struct counters *counters = event_counters(event->type);

	if (event->fixed_bytes)
		event_submit(event, counters);
	else
		event_output(event, counters);
}

#endif /* INNERWARDEN_EVENT_H */
