/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Events that neither a rule nor the state of the host can need: user space has proved it and says
 * here how to know them, so that they end before they cost anything. ebpf/src/filter.rs decides the
 * same of an event that is written, and a test holds the two against each other.
 */
#ifndef INNERWARDEN_FILTER_H
#define INNERWARDEN_FILTER_H

#include "call.h"

/* By event type. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_EVENT_TYPES);
	__type(key, u32);
	__type(value, struct filter);
} filters SEC(".maps");

/* Counts an event that is left out; true, for the caller to hand on. */
static __always_inline bool count_needless(u32 type)
{
	struct counters *counters = event_counters(type);

	if (counters)
		counters->needless++;
	return true;
}

/* Whether events of failed calls are needless and this one has failed. */
static __always_inline bool is_needless_failure(struct call *call, u32 type)
{
	struct filter *filter;

	if (call->ret >= 0)
		return false;
	filter = bpf_map_lookup_elem(&filters, &type);
	return filter && filter->failed == FAILED_NEEDLESS && count_needless(type);
}

/* Whether the events of what `number` makes the call do are needless. */
static __always_inline bool is_needless_number(u32 type, u32 number)
{
	struct filter *filter = bpf_map_lookup_elem(&filters, &type);

	return filter && filter->numbers >> (number < 63 ? number : 63) & 1 && count_needless(type);
}

/* Begins the event of a finished call unless it is needless, e.g. CALL_BEGIN(CLOSE_X). */
#define CALL_BEGIN(name) (!is_needless_failure(call, EVENT_##name) && EVENT_BEGIN(&event, name))

/* As CALL_BEGIN, where `number` says what the call does. */
#define CALL_BEGIN_OF(name, number) \
	(!is_needless_number(EVENT_##name, number) && CALL_BEGIN(name))

/* A byte of 0x80 for each byte of `word` that equals that of `pattern`, 0 for others. */
static __always_inline u64 equal_bytes(u64 word, u64 pattern)
{
	u64 low = 0x7f7f7f7f7f7f7f7f, differences = word ^ pattern;

	return ~(((differences & low) + low) | differences | low);
}

#define DOTS 0x2e2e2e2e2e2e2e2e
#define PLAIN_PATH_BYTES 256 /* with the NUL; of a longer path nothing is known */

/*
 * Whether the path that was written at `start` as the last parameter has no two dots in a row, so
 * that it leads nowhere else than it seems to. Eight bytes at a time: it may be long. Its length
 * is read again and again, so that the verifier does not go on with each length it may have.
 */
static __always_inline bool is_plain_path(struct event *event, u64 start)
{
	volatile u64 *bytes = &event->scratch->number;
	u64 before = 0, found = 0, at;

	*bytes = event->size - start;
	if (*bytes - 1 >= PLAIN_PATH_BYTES)
		return false;
	for (at = 0; at < PLAIN_PATH_BYTES; at += sizeof(u64)) {
		u64 left = *bytes - at, dots;

		dots = equal_bytes(*(u64 *)&event->bytes[POSITION(start + at)], DOTS);
		if (left < sizeof(u64))
			dots &= (1ULL << 8 * left) - 1;
		found |= dots & (dots << 8 | before >> 56);
		if (left <= sizeof(u64))
			break;
		before = dots;
	}
	return !scratch_forget(event->scratch, found);
}

/*
 * Whether the event of a failed call is needless now that its path is written, the last parameter,
 * at `start`. The event is then given up.
 */
static __always_inline bool is_needless_path(struct event *event, struct call *call, u64 start)
{
	u32 type = event->type; /* a pointer into the event would make clang forget what is in it */
	struct filter *filter;

	if (call->ret >= 0)
		return false;
	filter = bpf_map_lookup_elem(&filters, &type);
	if (!filter || filter->failed != FAILED_NEEDLESS_IF_PLAIN || !is_plain_path(event, start))
		return false;
	event_give_up(event);
	return count_needless(type);
}

#endif /* INNERWARDEN_FILTER_H */
