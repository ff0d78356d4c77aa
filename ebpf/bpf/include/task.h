/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The calling task, and how to read what hangs on it.
 */
#ifndef INNERWARDEN_TASK_H
#define INNERWARDEN_TASK_H

#include <bpf/bpf_core_read.h>

/* Since 5.11 (3ca1032ab7ab) the calling task is a pointer whose type the verifier knows. */
#define TASK_IS_TYPED bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)

static __always_inline struct task_struct *current_task(void)
{
	if (TASK_IS_TYPED)
		return bpf_get_current_task_btf();
	return (struct task_struct *)bpf_get_current_task();
}

/*
 * A field of what was reached from a task, an argument of a tracepoint or another FIELD():
 * a plain load where the verifier follows types, and a helper where it cannot. A pointer that
 * was computed or read otherwise needs BPF_CORE_READ(). NULL has fields of 0, but test
 * pointers nevertheless: some kernels refuse to follow what may be NULL.
 */
#define FIELD(from, member)                                                                 \
	({                                                                                  \
		typeof((from)->member) field;                                               \
                                                                                            \
		if (TASK_IS_TYPED)                                                          \
			field = (from)->member;                                             \
		else                                                                        \
			bpf_core_read(&field, sizeof(field), &(from)->member);              \
		field;                                                                      \
	})

#define PF_EXITING 0x00000004 /* include/linux/sched.h */
#define PF_KTHREAD 0x00200000

enum { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID }; /* include/linux/pid_types.h */

/* The number of `pid` in the namespace of `level`; level 0 is the host. */
static __always_inline struct upid pid_number(struct pid *pid, u32 level)
{
	struct upid number = {};

	if (pid)
		bpf_probe_read_kernel(&number, sizeof(number),
				      (void *)pid + bpf_core_field_offset(struct pid, numbers) +
					      level * sizeof(number));
	return number;
}

/* The number of `pid` in its own namespace, and that namespace. */
static __always_inline struct upid pid_own_number(struct pid *pid)
{
	return pid_number(pid, pid ? FIELD(pid, level) : 0);
}

#endif /* INNERWARDEN_TASK_H */
