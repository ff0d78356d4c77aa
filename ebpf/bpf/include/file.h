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
static __always_inline enum overlay inode_overlay(struct inode *inode, unsigned long magic)
{
	struct dentry *upper = NULL;

	if (magic != OVERLAYFS_MAGIC)
		return NOT_OVERLAY;
	bpf_probe_read_kernel(&upper, sizeof(upper), (u8 *)inode + bpf_core_type_size(struct inode));
	return upper && BPF_CORE_READ(upper, d_inode, i_ino) ? OVERLAY_UPPER : OVERLAY_LOWER;
}

static __always_inline enum overlay file_overlay(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);

	return inode_overlay(BPF_CORE_READ(dentry, d_inode), BPF_CORE_READ(dentry, d_sb, s_magic));
}

struct file_head {
	COPY_OF(72);
};

struct inode_head {
	COPY_OF(72);
};

struct super_block_head {
	COPY_OF(104);
};

/* What events of opening calls say about the file. All 0 if there is none. */
struct opened {
	u32 created; /* SCAP_O_F_CREATED or 0 */
	u32 dev;
	u64 ino;
	enum overlay overlay;
};

static __always_inline struct inode *opened_file(struct opened *opened, struct file *file)
{
	struct file_head head;

	READ_HEAD(head, file);
	opened->created = MOVED(HEAD_FIELD(head, file, file, f_mode), FMODE_CREATED,
				SCAP_O_F_CREATED);
	return HEAD_FIELD(head, file, file, f_inode);
}

/* The file system of an inode is that of every dentry that it has. */
static __always_inline void opened_inode(struct opened *opened, struct inode *inode)
{
	struct super_block_head super_head;
	struct inode_head inode_head;
	struct super_block *super;

	READ_HEAD(inode_head, inode);
	opened->ino = HEAD_FIELD(inode_head, inode, inode, i_ino);
	super = HEAD_FIELD(inode_head, inode, inode, i_sb);
	READ_HEAD(super_head, super);
	opened->dev = scap_dev(HEAD_FIELD(super_head, super_block, super, s_dev));
	opened->overlay = inode_overlay(
		inode, HEAD_FIELD(super_head, super_block, super, s_magic));
}

/* As Falco has it, descriptor 0 is asked only whether its file was created. */
static __always_inline void opened_read(struct opened *opened, s64 ret)
{
	struct file *file = ret >= 0 ? file_of_fd(ret) : NULL;
	struct inode *inode;

	if (!file)
		return;
	inode = opened_file(opened, file);
	if (ret > 0)
		opened_inode(opened, inode);
}

static __always_inline u32 opened_flags(struct opened *opened)
{
	return opened->created | (opened->overlay == OVERLAY_UPPER   ? SCAP_FD_UPPER_LAYER
				  : opened->overlay == OVERLAY_LOWER ? SCAP_FD_LOWER_LAYER
								     : 0);
}

#endif /* INNERWARDEN_FILE_H */
