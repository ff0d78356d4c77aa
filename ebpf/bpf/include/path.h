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
#include "task.h"

#define PATH_COMPONENTS 96 /* mounts count too, as in libs */
#define MAX_NAME_BYTES 256

/* The path grows backward in the second half of the scratch buffer, which ends here. */
#define PATH_AREA (MAX_EVENT_BYTES + 1)
#define PATH_END 0x7000
#define PATH_POSITION(offset) (PATH_AREA + ((offset) & 0x7fff))

/* What is read of a dentry, and of a mount; in the kernel the fields are neighbours. */
struct dentry_link {
	struct dentry *parent;
	u32 hash;
	u32 bytes; /* of the name */
	u8 *name;
};

struct mount_link {
	struct mount *above;
	struct dentry *point; /* where it is mounted */
	struct dentry *top;
};

static __always_inline struct dentry_link read_dentry(struct dentry *dentry)
{
	struct dentry_link link;

	if (!READ_RUN(link, dentry, dentry, d_parent, d_name)) {
		link.parent = BPF_CORE_READ(dentry, d_parent);
		link.bytes = BPF_CORE_READ(dentry, d_name.len);
		link.name = BPF_CORE_READ(dentry, d_name.name);
	}
	return link;
}

static __always_inline struct mount_link read_mount(struct mount *mount)
{
	struct mount_link link;

	if (!READ_RUN(link, mount, mount, mnt_parent, mnt.mnt_root)) {
		link.above = BPF_CORE_READ(mount, mnt_parent);
		link.point = BPF_CORE_READ(mount, mnt_mountpoint);
		link.top = BPF_CORE_READ(mount, mnt.mnt_root);
	}
	return link;
}

/* Puts "name/" in front of what is at `offset`. Returns the new offset, or the old one. */
static __always_inline u64 path_prepend(struct event *event, struct dentry_link *link, u64 offset)
{
	u8 *bytes = event->bytes;
	u64 start = offset - (link->bytes + 1);
	long written = bpf_probe_read_kernel_str(&bytes[PATH_POSITION(start)], MAX_NAME_BYTES,
						 link->name);

	if (written <= 1)
		return offset;
	bytes[PATH_POSITION(offset - 1)] = '/';
	return offset - (u64)written;
}

/* The path of `path`, a pointer into the kernel. */
static __always_inline void event_path(struct event *event, struct path *path)
{
	struct vfsmount *mounted = BPF_CORE_READ(path, mnt);
	struct dentry *dentry = BPF_CORE_READ(path, dentry);
	struct mount *mount = (void *)mounted - bpf_core_field_offset(struct mount, mnt);
	struct mount_link place = read_mount(mount);
	u64 offset = scratch_forget(event->scratch, PATH_END);
	struct dentry_link link;
	int component;

	for (component = 0; component < PATH_COMPONENTS; component++) {
		u64 start;

		if (dentry == place.top) {
			if (mount == place.above)
				break; /* the root of all */
			dentry = place.point;
			mount = place.above;
			place = read_mount(mount);
			continue;
		}
		link = read_dentry(dentry);
		if (dentry == link.parent)
			break; /* of no mount: a memfd, or lazily unmounted */
		start = path_prepend(event, &link, offset);
		if (start == offset)
			break;
		offset = scratch_forget(event->scratch, start);
		dentry = link.parent;
	}
	if (offset == PATH_END) {
		event_kernel_text(event, read_dentry(dentry).name, MAX_PATH_BYTES);
		return;
	}
	event->bytes[PATH_POSITION(PATH_END - 1)] = 0;
	offset--;
	event->bytes[PATH_POSITION(offset)] = '/';
	event_kernel_text(event, &event->bytes[PATH_POSITION(offset)], MAX_PATH_BYTES);
}

#endif /* INNERWARDEN_PATH_H */
