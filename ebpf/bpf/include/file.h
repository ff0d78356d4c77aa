/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the kernel knows of an open file of the calling task.
 */
#ifndef INNERWARDEN_FILE_H
#define INNERWARDEN_FILE_H

#include "fd.h"

#define OVERLAYFS_MAGIC 0x794c7630 /* include/uapi/linux/magic.h */
#define FMODE_CREATED 0x100000	   /* include/linux/fs.h */

/* A device number as user space and scap have it: new_encode_dev() of the kernel. */
static __always_inline u32 scap_dev(u32 dev)
{
	u32 major = dev >> 20, minor = dev & 0xfffff;

	return (minor & 0xff) | (major << 8) | ((minor & ~0xffU) << 12);
}

static __always_inline u64 file_inode_number(struct file *file)
{
	return BPF_CORE_READ(file, f_inode, i_ino);
}

enum overlay { NOT_OVERLAY, OVERLAY_UPPER, OVERLAY_LOWER };

/*
 * In which layer of an overlay file system a file is. The dentry of the upper layer comes right
 * behind the inode in `struct ovl_inode` (fs/overlayfs/ovl_entry.h), since 4.12; overlayfs may
 * be a module, whose types vmlinux does not have.
 */
static __always_inline enum overlay file_overlay(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry), *upper = NULL;
	u8 *inode;

	if (BPF_CORE_READ(dentry, d_sb, s_magic) != OVERLAYFS_MAGIC)
		return NOT_OVERLAY;
	inode = (u8 *)BPF_CORE_READ(dentry, d_inode);
	bpf_probe_read_kernel(&upper, sizeof(upper), inode + bpf_core_type_size(struct inode));
	return upper && BPF_CORE_READ(upper, d_inode, i_ino) ? OVERLAY_UPPER : OVERLAY_LOWER;
}

/* What events of opening calls say about the file. All 0 if there is none. */
struct opened {
	u32 created; /* SCAP_O_F_CREATED or 0 */
	u32 dev;
	u64 ino;
	enum overlay overlay;
};

/* As Falco has it, descriptor 0 is asked only whether its file was created. */
static __always_inline void opened_read(struct opened *opened, s64 ret)
{
	struct file *file = ret >= 0 ? file_of_fd(ret) : NULL;

	if (!file)
		return;
	opened->created = MOVED(BPF_CORE_READ(file, f_mode), FMODE_CREATED, SCAP_O_F_CREATED);
	if (ret == 0)
		return;
	opened->dev = scap_dev(BPF_CORE_READ(file, f_inode, i_sb, s_dev));
	opened->ino = file_inode_number(file);
	opened->overlay = file_overlay(file);
}

static __always_inline u32 opened_flags(struct opened *opened)
{
	return opened->created | (opened->overlay == OVERLAY_UPPER   ? SCAP_FD_UPPER_LAYER
				  : opened->overlay == OVERLAY_LOWER ? SCAP_FD_LOWER_LAYER
								     : 0);
}

#endif /* INNERWARDEN_FILE_H */
