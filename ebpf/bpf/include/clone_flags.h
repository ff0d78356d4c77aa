/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The flags of clone() as scap numbers them.
 */
#ifndef INNERWARDEN_CLONE_FLAGS_H
#define INNERWARDEN_CLONE_FLAGS_H

#include <linux/sched.h>

#include "task.h"

enum scap_clone_flags {
	SCAP_CLONE_FILES = 1 << 0,
	SCAP_CLONE_FS = 1 << 1,
	SCAP_CLONE_IO = 1 << 2,
	SCAP_CLONE_NEWIPC = 1 << 3,
	SCAP_CLONE_NEWNET = 1 << 4,
	SCAP_CLONE_NEWNS = 1 << 5,
	SCAP_CLONE_NEWPID = 1 << 6,
	SCAP_CLONE_NEWUTS = 1 << 7,
	SCAP_CLONE_PARENT = 1 << 8,
	SCAP_CLONE_PARENT_SETTID = 1 << 9,
	SCAP_CLONE_PTRACE = 1 << 10,
	SCAP_CLONE_SIGHAND = 1 << 11,
	SCAP_CLONE_SYSVSEM = 1 << 12,
	SCAP_CLONE_THREAD = 1 << 13,
	SCAP_CLONE_UNTRACED = 1 << 14,
	SCAP_CLONE_VM = 1 << 15,
	SCAP_CLONE_NEWUSER = 1 << 20,
	SCAP_CLONE_CHILD_CLEARTID = 1 << 23,
	SCAP_CLONE_CHILD_SETTID = 1 << 24,
	SCAP_CLONE_SETTLS = 1 << 25,
	SCAP_CLONE_VFORK = 1 << 27,
	SCAP_CLONE_NEWCGROUP = 1 << 28,
	SCAP_CHILD_IN_PIDNS = 1 << 29,
};

#define SCAP_FLAG(flags, name) ((flags) & CLONE_##name ? SCAP_CLONE_##name : 0)

static __always_inline u32 clone_flags_to_scap(u64 flags)
{
	return SCAP_FLAG(flags, FILES) | SCAP_FLAG(flags, FS) | SCAP_FLAG(flags, IO) |
	       SCAP_FLAG(flags, NEWIPC) | SCAP_FLAG(flags, NEWNET) | SCAP_FLAG(flags, NEWNS) |
	       SCAP_FLAG(flags, NEWPID) | SCAP_FLAG(flags, NEWUTS) | SCAP_FLAG(flags, PARENT) |
	       SCAP_FLAG(flags, PARENT_SETTID) | SCAP_FLAG(flags, PTRACE) |
	       SCAP_FLAG(flags, SIGHAND) | SCAP_FLAG(flags, SYSVSEM) | SCAP_FLAG(flags, THREAD) |
	       SCAP_FLAG(flags, UNTRACED) | SCAP_FLAG(flags, VM) | SCAP_FLAG(flags, NEWUSER) |
	       SCAP_FLAG(flags, CHILD_CLEARTID) | SCAP_FLAG(flags, CHILD_SETTID) |
	       SCAP_FLAG(flags, SETTLS) | SCAP_FLAG(flags, VFORK) | SCAP_FLAG(flags, NEWCGROUP);
}

/*
 * Whether `task` lives in a pid namespace below the host's, or its children will: its ids
 * are then not those of the host even where the numbers are equal.
 */
static __always_inline u32 in_pid_namespace(struct task_struct *task)
{
	struct upid own = pid_own_number(BPF_CORE_READ(task, thread_pid));
	struct nsproxy *proxy = BPF_CORE_READ(task, nsproxy);

	if (BPF_CORE_READ(own.ns, level) || (proxy && BPF_CORE_READ(proxy, pid_ns_for_children) != own.ns))
		return SCAP_CHILD_IN_PIDNS;
	return 0;
}

static __always_inline u32 clone_flags(struct task_struct *task, u64 flags)
{
	return clone_flags_to_scap(flags) | in_pid_namespace(task);
}

#endif /* INNERWARDEN_CLONE_FLAGS_H */
