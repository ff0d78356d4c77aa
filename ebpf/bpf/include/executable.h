/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is known of the file that a process executes: may the process write to it, does it come
 * with the image of a container or from memory.
 */
#ifndef INNERWARDEN_EXECUTABLE_H
#define INNERWARDEN_EXECUTABLE_H

#include "compat.h"
#include "event.h"

enum executable_flags { /* scap's names begin with PPM_EXE_ */
	EXE_WRITABLE = 1 << 0,
	EXE_UPPER_LAYER = 1 << 1,
	EXE_FROM_MEMFD = 1 << 2,
	EXE_LOWER_LAYER = 1 << 3,
};

#define OVERLAYFS_MAGIC 0x794c7630
#define SB_RDONLY 1
#define S_IMMUTABLE (1 << 3)
#define MODE_TYPE 0170000
#define MODE_WRITE 0002
#define CAP_DAC_OVERRIDE 1
#define CAP_FOWNER 3
#define NO_ID ((u32)-1)
#define MEMFD_PREFIX 0x3a64666d656d /* "memfd:" */

/* The capabilities that scap has a name for, CAP_CHECKPOINT_RESTORE being the last. */
static __always_inline u64 known_capabilities(u64 capabilities)
{
	return capabilities & ((1ULL << 41) - 1);
}

/* Which layer of an overlay file system the file is in; 0 if it is in none. */
static __always_inline u32 overlay_layer(struct dentry *dentry)
{
	struct super_block *block = FIELD(dentry, d_sb);
	struct inode *inode = FIELD(dentry, d_inode);
	struct dentry *upper = NULL;

	if (!block || FIELD(block, s_magic) != OVERLAYFS_MAGIC)
		return 0;
	/* The type of overlayfs' inodes is that of a module; the upper dentry follows the inode. */
	bpf_probe_read_kernel(&upper, sizeof(upper),
			      (void *)inode + bpf_core_type_size(struct inode));
	if (upper && BPF_CORE_READ(upper, d_inode, i_ino))
		return EXE_UPPER_LAYER;
	return EXE_LOWER_LAYER;
}

/* A file of memfd_create() is its own root and named "memfd:...". */
static __always_inline bool is_memfd(struct dentry *dentry)
{
	u64 name = 0;

	if (FIELD(dentry, d_parent) != dentry)
		return false;
	bpf_probe_read_kernel_str(&name, 7, FIELD(dentry, d_name.name));
	return name == MEMFD_PREFIX;
}

/* Whether `gid` is a supplementary group; the kernel keeps them sorted. */
static __always_inline bool in_groups(struct scratch *scratch, struct cred *cred, u32 gid)
{
	struct group_info *groups = FIELD(cred, group_info);
	u32 low = 0, high = groups ? FIELD(groups, ngroups) : 0;
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

static __always_inline bool capable_of_writing(struct cred *cred, u32 uid, u32 gid)
{
	struct user_namespace *namespace = FIELD(cred, user_ns);
	u64 capabilities = FIELD(cred, cap_effective.val);

	if (!namespace || !(capabilities & (1 << CAP_DAC_OVERRIDE | 1 << CAP_FOWNER)) ||
	    !id_is_mapped(&namespace->uid_map, uid))
		return false;
	return capabilities & 1 << CAP_FOWNER || id_is_mapped(&namespace->gid_map, gid);
}

/* Whether the process may write to the file, as far as owner, mode and capabilities tell. */
static __always_inline bool is_writable(struct scratch *scratch, struct cred *cred,
					struct inode *inode)
{
	struct super_block *block = FIELD(inode, i_sb);
	u32 uid = FIELD(inode, i_uid.val), gid = FIELD(inode, i_gid.val);
	u32 user = FIELD(cred, fsuid.val);
	u32 mode = FIELD(inode, i_mode);

	if ((block && FIELD(block, s_flags) & SB_RDONLY) || FIELD(inode, i_flags) & S_IMMUTABLE ||
	    uid == NO_ID || gid == NO_ID)
		return false;
	if (user == uid)
		return true;
	if (gid == FIELD(cred, fsgid.val) || in_groups(scratch, cred, gid))
		mode >>= 3;
	return mode & MODE_WRITE || capable_of_writing(cred, uid, gid);
}

static __always_inline u32 executable_flags(struct scratch *scratch, struct cred *cred,
					    struct file *file, struct inode *inode)
{
	struct dentry *dentry = FIELD(file, f_path.dentry);
	u32 flags = is_writable(scratch, cred, inode) ? EXE_WRITABLE : 0;

	if (!dentry)
		return flags;
	if (is_memfd(dentry))
		flags |= EXE_FROM_MEMFD;
	return flags | overlay_layer(dentry);
}

#endif /* INNERWARDEN_EXECUTABLE_H */
