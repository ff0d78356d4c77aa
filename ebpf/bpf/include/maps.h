/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Maps of all probes, and the settings that the loader fills before the programs are verified.
 */
#ifndef INNERWARDEN_MAPS_H
#define INNERWARDEN_MAPS_H

#include "abi.h"
#include "task.h"

/* Thread group of this program: its own events are not reported. 0: report all. */
const volatile u32 self_tgid;
/* The pid namespace that numbers it so, as device and inode; 0: the initial one. */
const volatile u64 self_namespace_device;
const volatile u64 self_namespace_inode;

/* Whether this program itself is what runs, and not to be reported. */
static __always_inline bool is_self(void)
{
	struct bpf_pidns_info ids;

	if (!self_tgid)
		return false;
	if (!self_namespace_inode)
		return current_tgid() == self_tgid;
	return !bpf_get_ns_current_pid_tgid(self_namespace_device, self_namespace_inode, &ids,
					    sizeof(ids)) &&
	       ids.tgid == self_tgid;
}

/* Once a ring buffer holds more bytes than this, only events that must not be lost are written. */
const volatile u64 bulk_limit_bytes;

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16); /* a template; the loader makes those that are used */
};

/* The ring buffer of each CPU; several CPUs may share one. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1); /* the loader sets it to the CPUs */
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
	__array(values, struct ring);
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct settings);
} settings SEC(".maps");

/* By event type. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MAX_EVENT_TYPES);
	__type(key, u32);
	__type(value, struct counters);
} counters SEC(".maps");

/*
 * Where events are put together. Twice the longest event, so that a parameter of any length
 * may begin at any valid position without a check for each byte.
 *
 * A program that hangs on a function may be preempted by another task that runs another one
 * on the same CPU, so a CPU has several, and a claim is taken on one: whoever reads 1 after
 * adding 1 has it. Only adding is needed, which 5.10 has.
 */
#define SCRATCH_BYTES (2 * (MAX_EVENT_BYTES + 1))
#define SCRATCHES 3

struct scratch {
	u64 claims; /* on the page where events begin: another one costs a look-up of its address */
	u64 number; /* see scratch_forget() */
	u64 key; /* its own, for functions that can be passed numbers only */
	u8 bytes[SCRATCH_BYTES];
};

/* By CPU and number. Not a per-CPU map: those hold values of 32 KiB at most. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SCRATCHES); /* the loader multiplies it by the CPUs */
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

static __always_inline struct settings *current_settings(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&settings, &zero);
}

#endif /* INNERWARDEN_MAPS_H */
