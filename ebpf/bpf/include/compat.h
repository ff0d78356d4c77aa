/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What kernels call differently, with the commit that changed it.
 *
 * A flavour `struct name___old` or `___new` declares the other shape; an accessor asks
 * bpf_core_field_exists() and reads the one that is there.
 */
#ifndef INNERWARDEN_COMPAT_H
#define INNERWARDEN_COMPAT_H

#include <bpf/bpf_core_read.h>

#include "task.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	s64 counter;
} atomic64_t;

/* 6.2, f1a7941243c1: the counters of memory became per-CPU ones. */
struct mm_rss_stat {
	atomic64_t count[4];
};

struct mm_struct___old {
	struct mm_rss_stat rss_stat;
};

struct percpu_counter {
	s64 count;
};

struct mm_struct___new {
	struct percpu_counter rss_stat[4];
};

/* 6.15, 633488947ef6: the parent is read under RCU and has a name that says so. */
struct kernfs_node___old {
	struct kernfs_node *parent;
};

struct kernfs_node___new {
	struct kernfs_node *__parent;
};

struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};

/* 6.6, 13bc24457850 (ctime) and 6.7, 12cd44023651 (mtime): renamed, to be read by functions. */
struct inode___first {
	struct timespec64 i_ctime;
	struct timespec64 i_mtime;
};

struct inode___renamed {
	struct timespec64 __i_ctime;
	struct timespec64 __i_mtime;
};

/* 6.11, 3aa63a569c64: no padding any more. */
struct inode___split {
	s64 i_ctime_sec;
	s64 i_mtime_sec;
	u32 i_ctime_nsec;
	u32 i_mtime_nsec;
};

/* Container-Optimized OS keeps what audit knows apart from the task. */
struct audit_task_info {
	kuid_t loginuid;
};

struct task_struct___cos {
	struct audit_task_info *audit;
};

#pragma clang attribute pop

enum { FILE_PAGES, ANONYMOUS_PAGES, SWAP_ENTRIES, SHMEM_PAGES };

/* One of the counters of memory, in pages. */
#define RSS_STAT(mm, which)                                                                     \
	(bpf_core_type_exists(struct mm_rss_stat)                                               \
		 ? BPF_CORE_READ((struct mm_struct___old *)(mm), rss_stat.count[which].counter)         \
		 : BPF_CORE_READ((struct mm_struct___new *)(mm), rss_stat[which].count))

static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *node)
{
	struct kernfs_node___old *old = (struct kernfs_node___old *)node;
	struct kernfs_node___new *new = (struct kernfs_node___new *)node;

	if (bpf_core_field_exists(old->parent))
		return BPF_CORE_READ(old, parent);
	return BPF_CORE_READ(new, __parent);
}

/* 6.13, 4e40eff0b573: a bit beside the nanoseconds says that somebody asked. libs add it to the time. */
#define TIME_QUERIED (1U << 31)

#define INODE_TIME(inode, which)                                                             \
	({                                                                                   \
		struct inode___first *first = (struct inode___first *)(inode);               \
		struct inode___renamed *renamed = (struct inode___renamed *)(inode);         \
		struct inode___split *split = (struct inode___split *)(inode);               \
		s64 seconds, rest;                                                           \
                                                                                             \
		if (bpf_core_field_exists(split->which##_sec)) {                             \
			seconds = BPF_CORE_READ(split, which##_sec);                                 \
			rest = BPF_CORE_READ(split, which##_nsec) & ~TIME_QUERIED;                   \
		} else if (bpf_core_field_exists(first->which)) {                            \
			seconds = BPF_CORE_READ(first, which.tv_sec);                                \
			rest = BPF_CORE_READ(first, which.tv_nsec);                                  \
		} else {                                                                     \
			seconds = BPF_CORE_READ(renamed, __##which.tv_sec);                          \
			rest = BPF_CORE_READ(renamed, __##which.tv_nsec);                            \
		}                                                                            \
		seconds < 0 ? 0 : (u64)seconds * 1000000000 + rest;                          \
	})

/* Change of the inode, in nanoseconds since the epoch. */
static __always_inline u64 inode_ctime_ns(struct inode *inode)
{
	return INODE_TIME(inode, i_ctime);
}

/* Change of the contents, in nanoseconds since the epoch. */
static __always_inline u64 inode_mtime_ns(struct inode *inode)
{
	return INODE_TIME(inode, i_mtime);
}

/* Who logged in; all ones if nobody did or the kernel does not know. */
static __always_inline u32 task_loginuid(struct task_struct *task)
{
	struct task_struct___cos *cos = (struct task_struct___cos *)task;

	if (bpf_core_field_exists(task->loginuid))
		return BPF_CORE_READ(task, loginuid.val);
	if (bpf_core_field_exists(cos->audit)) {
		struct audit_task_info *audit = BPF_CORE_READ(cos, audit);

		return audit ? BPF_CORE_READ(audit, loginuid.val) : (u32)-1;
	}
	return -1;
}

#endif /* INNERWARDEN_COMPAT_H */
