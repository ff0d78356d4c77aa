/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a file descriptor of the calling task is.
 */
#ifndef INNERWARDEN_FD_H
#define INNERWARDEN_FD_H

#include <bpf/bpf_core_read.h>

/* The open file, NULL if there is none. No reference is taken: read it with probe reads only. */
static __always_inline struct file *file_of_fd(s32 fd)
{
	struct task_struct *task = current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files = BPF_CORE_READ(table, fd);
	struct file *file = NULL;

	if (fd < 0 || (u32)fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), &files[fd]);
	return file;
}

#endif /* INNERWARDEN_FD_H */
