/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the probes and ebpf/src/abi.rs share: sizes, settings, counters.
 *
 * abi.rs mirrors this file field by field and both sides assert the same sizes. No struct
 * has implicit padding.
 */
#ifndef INNERWARDEN_ABI_H
#define INNERWARDEN_ABI_H

#define MAX_EVENT_TYPES 512   /* types of the event table, rounded up */
#define MAX_SYSCALLS 512      /* native numbers, rounded up */
#define MAX_EVENT_BYTES 65535 /* a longer event is dropped and counted, as by Falco */

/* The header of every event, as in a capture: libs 0.25.4 `struct ppm_evt_hdr`. */
struct event_header {
	u64 time_ns; /* since the Unix epoch */
	u64 tid;     /* host numbering */
	u32 bytes;   /* of the whole event */
	u16 type;
	u32 params;
} __attribute__((packed));
_Static_assert(sizeof(struct event_header) == 26, "mirror the change in abi.rs");

/* What user space may change while the probes run. */
struct settings {
	u64 boot_time_ns; /* what to add to CLOCK_BOOTTIME to get the time since the epoch */
	u64 snaplen;	  /* most bytes taken of a buffer */
	u64 drop_failed;  /* 1: events of failed calls are not wanted */
};
_Static_assert(sizeof(struct settings) == 24, "mirror the change in abi.rs");

/* How many events of one type were seen on one CPU, and how many were lost for which reason. */
struct counters {
	u64 sent;
	u64 ring_full;	/* no room in the ring buffer */
	u64 too_long;	/* more than MAX_EVENT_BYTES */
	u64 no_scratch; /* all scratch buffers of the CPU were in use */
	u64 needless;	/* not written because nobody can need it; no loss */
};
_Static_assert(sizeof(struct counters) == 40, "mirror the change in abi.rs");

/* What is known to be needless of the events of one type. */
struct filter {
	u64 failed;  /* the events of failed calls: FAILED_* */
	u64 numbers; /* by the number of what the call does; the last bit stands for all from 63 on */
};
_Static_assert(sizeof(struct filter) == 16, "mirror the change in abi.rs");

#define FAILED_NEEDED 0
#define FAILED_NEEDLESS 1
#define FAILED_NEEDLESS_IF_PLAIN 2 /* if the path is: is_plain_path() */

#endif /* INNERWARDEN_ABI_H */
