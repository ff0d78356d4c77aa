/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parameters that events of new processes and of new programs have in common.
 */
#ifndef INNERWARDEN_PROCESS_H
#define INNERWARDEN_PROCESS_H

#include "compat.h"
#include "event.h"

#define RLIMIT_NOFILE 7
#define MAX_COMM_BYTES 16
#define MAX_AREA_BYTES 4096 /* of program and arguments together, and of the environment */

static __always_inline u64 at_most(u64 value, u64 limit)
{
	return value < limit ? value : limit;
}

/*
 * Texts that lie one after another in user space; what is longer than `bytes` is cut. Unlike
 * libs the length is not taken modulo 65536, so a long tail cannot hide what is before it.
 */
static __always_inline void event_user_area(struct event *event, u64 address, u64 bytes)
{
	barrier_var(bytes);
	bytes &= 2 * MAX_AREA_BYTES - 1;
	if (bytes && !bpf_probe_read_user(&event->bytes[POSITION(event->size)], bytes,
					  (void *)address)) {
		event_advance(event, bytes);
		event->bytes[POSITION(event->size - 1)] = 0;
		event_end_param(event, bytes);
	} else {
		event_empty(event);
	}
}

/* Where user space has its arguments and environment; in the order of struct mm_struct. */
struct areas {
	u64 arg_start, arg_end, env_start, env_end;
};

static __always_inline struct areas read_areas(struct mm_struct *mm)
{
	struct areas areas;

	if (!READ_RUN(areas, mm_struct, mm, arg_start, env_end)) {
		areas.arg_start = BPF_CORE_READ(mm, arg_start);
		areas.arg_end = BPF_CORE_READ(mm, arg_end);
		areas.env_start = BPF_CORE_READ(mm, env_start);
		areas.env_end = BPF_CORE_READ(mm, env_end);
	}
	return areas;
}

/* exe, args */
static __always_inline void event_exe_args(struct event *event, struct areas *areas)
{
	u64 start = areas->arg_start;
	u64 all = areas->arg_end - start;
	u64 before = event->size;
	u64 exe, args, room;

	event_user_text(event, start, MAX_AREA_BYTES);
	exe = event->size - before;
	room = exe < MAX_AREA_BYTES ? MAX_AREA_BYTES - exe : 0;
	args = exe < all ? all - exe : 0;
	event_user_area(event, start + exe, at_most(args, room));
}

/* vm_size, vm_rss, vm_swap in KiB of pages of 4 KiB, whatever size the pages have, as in libs */
static __always_inline void event_memory(struct event *event, struct mm_struct *mm)
{
	u32 resident = RSS_STAT(mm, FILE_PAGES) + RSS_STAT(mm, ANONYMOUS_PAGES) +
		       RSS_STAT(mm, SHMEM_PAGES);
	u32 swapped = RSS_STAT(mm, SWAP_ENTRIES);
	u32 mapped = BPF_CORE_READ(mm, total_vm);

	event_u32(event, mapped << 2);
	event_u32(event, resident << 2);
	event_u32(event, swapped << 2);
}

/*
 * tid, pid, ptid, cwd, fdlimit, pgft_maj, pgft_min, vm_size, vm_rss, vm_swap, comm. Page
 * faults are those of `faulting`. cwd is left to user space, as by libs.
 */
static __always_inline void event_process(struct event *event, struct task_struct *task,
					  struct mm_struct *mm, struct task_struct *faulting)
{
	event_s64(event, BPF_CORE_READ(task, pid));
	event_s64(event, BPF_CORE_READ(task, tgid));
	event_s64(event, BPF_CORE_READ(task, real_parent, pid));
	event_empty(event);
	event_u64(event, BPF_CORE_READ(task, signal, rlim[RLIMIT_NOFILE].rlim_cur));
	event_u64(event, BPF_CORE_READ(faulting, maj_flt));
	event_u64(event, BPF_CORE_READ(faulting, min_flt));
	event_memory(event, mm);
	event_kernel_text(event, &task->comm, MAX_COMM_BYTES);
}

#endif /* INNERWARDEN_PROCESS_H */
