/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The path of an open file, from its dentries up to the root of the mounts.
 *
 * The kernel's own bpf_d_path() may not be called from where the probes hang. What this walk
 * yields equals it but for what d_path() adds: no " (deleted)", no prefix for files of no
 * file system. Locks cannot be taken: a rename at the same moment may show a mixture.
 */
#ifndef INNERWARDEN_PATH_H
#define INNERWARDEN_PATH_H

#include "event.h"

#define PATH_COMPONENTS 96 /* mounts count too, as in libs */
#define MAX_NAME_BYTES 256

/* The path grows backward in the second half of the scratch buffer, which ends here. */
#define PATH_AREA (MAX_EVENT_BYTES + 1)
#define PATH_END 0x7000
#define PATH_POSITION(offset) (PATH_AREA + ((offset) & 0x7fff))

struct path_walk {
	struct dentry *top; /* of the mount */
	struct mount *mount;
	struct mount *above;
};

static __always_inline void path_enter_mount(struct path_walk *walk, struct mount *mount)
{
	walk->mount = mount;
	walk->above = BPF_CORE_READ(mount, mnt_parent);
	walk->top = BPF_CORE_READ(mount, mnt.mnt_root);
}

static __always_inline struct dentry *mount_point(struct mount *mount)
{
	return BPF_CORE_READ(mount, mnt_mountpoint);
}

/* Puts "name/" in front of what is at `offset`. Returns the new offset, or the old one. */
static __always_inline u64 path_prepend(struct event *event, struct dentry *dentry, u64 offset)
{
	u8 *bytes = event->scratch->bytes;
	u32 length = BPF_CORE_READ(dentry, d_name.len);
	u8 *name = BPF_CORE_READ(dentry, d_name.name);
	u64 start = offset - (length + 1);
	long written = bpf_probe_read_kernel_str(&bytes[PATH_POSITION(start)], MAX_NAME_BYTES, name);

	if (written <= 1)
		return offset;
	bytes[PATH_POSITION(offset - 1)] = '/';
	return offset - (u64)written;
}

/* The path of `path`, a pointer into the kernel; empty if there is none. */
static __always_inline void event_path(struct event *event, struct path *path)
{
	struct vfsmount *mounted = BPF_CORE_READ(path, mnt);
	struct dentry *dentry = BPF_CORE_READ(path, dentry);
	struct path_walk walk;
	u64 offset = scratch_forget(event->scratch, PATH_END);
	int component;

	path_enter_mount(&walk, (void *)mounted - bpf_core_field_offset(struct mount, mnt));
	for (component = 0; component < PATH_COMPONENTS; component++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		u64 start;

		if (dentry == walk.top) {
			if (walk.mount == walk.above)
				break; /* the root of all */
			dentry = mount_point(walk.mount);
			path_enter_mount(&walk, walk.above);
			continue;
		}
		if (dentry == parent)
			break; /* of no mount: a memfd, or lazily unmounted */
		start = path_prepend(event, dentry, offset);
		if (start == offset)
			break;
		offset = scratch_forget(event->scratch, start);
		dentry = parent;
	}
	if (offset == PATH_END) {
		event_kernel_text(event, BPF_CORE_READ(dentry, d_name.name), MAX_PATH_BYTES);
		return;
	}
	event->scratch->bytes[PATH_POSITION(PATH_END - 1)] = 0;
	offset--;
	event->scratch->bytes[PATH_POSITION(offset)] = '/';
	event_kernel_text(event, &event->scratch->bytes[PATH_POSITION(offset)], MAX_PATH_BYTES);
}

#endif /* INNERWARDEN_PATH_H */
