/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a file descriptor of the calling task is.
 */
#ifndef INNERWARDEN_FD_H
#define INNERWARDEN_FD_H

#include "task.h"

/* What is read of a table of descriptors; in the kernel the fields are neighbours. */
struct fd_slots {
	u32 count;
	u32 padding;
	struct file **files;
};

/* The open file, NULL if there is none. No reference is taken: read it with probe reads only. */
static __always_inline struct file *file_of_fd(s32 fd)
{
	struct task_struct *task = current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = NULL;
	struct fd_slots slots;

	if (!READ_RUN(slots, fdtable, table, max_fds, fd)) {
		slots.count = BPF_CORE_READ(table, max_fds);
		slots.files = BPF_CORE_READ(table, fd);
	}
	if (fd < 0 || (u32)fd >= slots.count)
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), &slots.files[fd]);
	return file;
}

#endif /* INNERWARDEN_FD_H */
