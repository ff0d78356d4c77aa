/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The calling task, and how to read what hangs on it.
 */
#ifndef INNERWARDEN_TASK_H
#define INNERWARDEN_TASK_H

#include <bpf/bpf_core_read.h>

/*
 * The calling task. Everything is read by helpers: plain loads through typed pointers would
 * be faster by some nanoseconds each, but the verifier of newer kernels searches all type
 * names for each pointer that is loaded so, half a second for all programs.
 */
static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

/*
 * Numbers of the calling thread and of its process in the host. Through a typed pointer, which
 * kernels have since 5.11 (3ca1032ab7ab) and newer ones inline, they are two plain loads.
 */
static __always_inline u32 current_tid(void)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		return bpf_get_current_task_btf()->pid;
	return bpf_get_current_pid_tgid();
}

static __always_inline u32 current_tgid(void)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		return bpf_get_current_task_btf()->tgid;
	return bpf_get_current_pid_tgid() >> 32;
}

/*
 * Copies the fields from `first` to `last`, which are neighbours in all known kernels but
 * those with randomized layouts; false if they are not. What cannot be read is 0.
 */
#define READ_RUN(copy, type, from, first, last)                                              \
	(bpf_core_field_offset(struct type, last) + bpf_core_field_size(struct type, last) - \
			 bpf_core_field_offset(struct type, first) ==                        \
		 sizeof(copy)                                                                \
		 ? (bpf_core_read(&(copy), sizeof(copy), &(from)->first), true)              \
		 : false)

/*
 * The beginning of a structure that is longer than that, to read several fields by one helper
 * call: `struct inode_head { COPY_OF(96); } head; READ_HEAD(head, inode);`. A field that a kernel
 * has further behind is read by itself.
 */
#define COPY_OF(size) u8 bytes[size] __attribute__((aligned(8)))
#define READ_HEAD(copy, from) bpf_probe_read_kernel(&(copy), sizeof(copy), from)
#define HEAD_FIELD(copy, type, from, field)                                                       \
	(bpf_core_field_offset(struct type, field) + sizeof((from)->field) <= sizeof(copy)        \
		 ? *(typeof((from)->field) *)((copy).bytes +                                      \
					      bpf_core_field_offset(struct type, field))          \
		 : BPF_CORE_READ(from, field))

#define PF_EXITING 0x00000004 /* include/linux/sched.h */
#define PF_KTHREAD 0x00200000

enum { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID }; /* include/linux/pid_types.h */

/* The number of `pid` in the namespace of `level`; level 0 is the host. */
static __always_inline struct upid pid_number(struct pid *pid, u32 level)
{
	struct upid number;

	bpf_probe_read_kernel(&number, sizeof(number),
			      (void *)pid + bpf_core_field_offset(struct pid, numbers) +
				      level * sizeof(number));
	return number;
}

/* The number of `pid` in its own namespace, and that namespace. */
static __always_inline struct upid pid_own_number(struct pid *pid)
{
	return pid_number(pid, BPF_CORE_READ(pid, level));
}

#endif /* INNERWARDEN_TASK_H */
