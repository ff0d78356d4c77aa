/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is known of the file that a process executes: may the process write to it, does it come
 * with the image of a container or from memory.
 */
#ifndef INNERWARDEN_EXECUTABLE_H
#define INNERWARDEN_EXECUTABLE_H

#include "compat.h"
#include "credentials.h"
#include "event.h"
#include "file.h"

enum executable_flags { /* scap's names begin with PPM_EXE_ */
	EXE_WRITABLE = 1 << 0,
	EXE_UPPER_LAYER = 1 << 1,
	EXE_FROM_MEMFD = 1 << 2,
	EXE_LOWER_LAYER = 1 << 3,
};

#define SB_RDONLY 1
#define S_IMMUTABLE (1 << 3)
#define MODE_TYPE 0170000
#define MODE_WRITE 0002
#define CAP_DAC_OVERRIDE 1
#define CAP_FOWNER 3
#define MEMFD_PREFIX 0x3a64666d656d /* "memfd:" */

/* A file of memfd_create() is its own root and named "memfd:...". */
static __always_inline bool is_memfd(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	u64 name = 0;

	if (!dentry || BPF_CORE_READ(dentry, d_parent) != dentry)
		return false;
	bpf_probe_read_kernel_str(&name, 7, BPF_CORE_READ(dentry, d_name.name));
	return name == MEMFD_PREFIX;
}

/* Whether `gid` is a supplementary group; the kernel keeps them sorted. */
static __always_inline bool in_groups(struct scratch *scratch, struct cred *cred, u32 gid)
{
	struct group_info *groups = BPF_CORE_READ(cred, group_info);
	u32 low = 0, high = groups ? BPF_CORE_READ(groups, ngroups) : 0;
	int step;

	for (step = 0; step < 16; step++) { /* 65536 groups at most */
		u64 middle = scratch_forget(scratch, (low + high) / 2);
		u32 found = 0;

		if (low >= high)
			break;
		bpf_probe_read_kernel(&found, sizeof(found),
				      (void *)groups + bpf_core_field_offset(struct group_info, gid) +
					      (u32)middle * sizeof(found));
		if (found == gid)
			return true;
		if (found < gid)
			low = scratch_forget(scratch, middle + 1);
		else
			high = middle;
	}
	return false;
}

/* Whether the user namespace knows `id`. More than five ranges are not looked at, as by libs. */
static __always_inline bool id_is_mapped(void *at, u32 id)
{
	struct uid_gid_map map = {};
	int index;

	bpf_core_read(&map, sizeof(map), at);
#pragma unroll
	for (index = 0; index < 5; index++) {
		if (map.nr_extents <= 5 && index < (int)map.nr_extents &&
		    id - map.extent[index].lower_first < map.extent[index].count)
			return true;
	}
	return false;
}

static __always_inline bool capable_of_writing(struct cred *cred, u64 capabilities, u32 uid,
					       u32 gid)
{
	struct user_namespace *namespace;

	if (!(capabilities & (1 << CAP_DAC_OVERRIDE | 1 << CAP_FOWNER)))
		return false;
	namespace = BPF_CORE_READ(cred, user_ns);
	if (!id_is_mapped(&namespace->uid_map, uid))
		return false;
	return capabilities & 1 << CAP_FOWNER || id_is_mapped(&namespace->gid_map, gid);
}

/* Who executes a file, and the file. */
struct execution {
	struct cred *cred;
	struct ids *ids;
	u64 capabilities;
	struct file *file;
	struct inode *inode;
};

/* Whether the process may write to the file, as far as owner, mode and capabilities tell. */
static __always_inline bool is_writable(struct scratch *scratch, struct execution *it)
{
	struct inode *inode = it->inode; /* what BPF_CORE_READ() sees is a field of the kernel */
	u32 uid = BPF_CORE_READ(inode, i_uid.val), gid = BPF_CORE_READ(inode, i_gid.val);
	u32 mode = BPF_CORE_READ(inode, i_mode);

	if (BPF_CORE_READ(inode, i_sb, s_flags) & SB_RDONLY ||
	    BPF_CORE_READ(inode, i_flags) & S_IMMUTABLE || uid == NO_ID || gid == NO_ID)
		return false;
	if (it->ids->fsuid == uid)
		return true;
	if (gid == it->ids->fsgid || in_groups(scratch, it->cred, gid))
		mode >>= 3;
	return mode & MODE_WRITE || capable_of_writing(it->cred, it->capabilities, uid, gid);
}

static __always_inline u32 executable_flags(struct scratch *scratch, struct execution *it)
{
	enum overlay overlay = file_overlay(it->file);
	u32 flags = is_writable(scratch, it) ? EXE_WRITABLE : 0;

	if (is_memfd(it->file))
		flags |= EXE_FROM_MEMFD;
	return flags | (overlay == OVERLAY_UPPER   ? EXE_UPPER_LAYER
			: overlay == OVERLAY_LOWER ? EXE_LOWER_LAYER
						   : 0);
}

#endif /* INNERWARDEN_EXECUTABLE_H */
