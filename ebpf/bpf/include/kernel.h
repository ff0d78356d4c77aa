/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every kernel field the probes read, and nothing else.
 *
 * CO-RE relocates accesses by name when a program loads, so offsets and the omitted
 * fields do not matter: a field here is a dependency on kernels having it. A field that
 * was renamed gets a second flavour, `struct name___old`, and an accessor in compat.h
 * that asks bpf_core_field_exists().
 */
#ifndef INNERWARDEN_KERNEL_H
#define INNERWARDEN_KERNEL_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

/* What is copied as a whole, so that its fields are where they are declared. */

struct pid_namespace;

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct uid_gid_extent {
	u32 first;
	u32 lower_first;
	u32 count;
};

struct uid_gid_map {
	struct uid_gid_extent extent[5];
	u32 nr_extents;
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long bp;
	unsigned long bx;
	unsigned long r10;
	unsigned long r9;
	unsigned long r8;
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax;
	unsigned long ip;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
	u64 orig_x0;
	s32 syscallno;
};
#endif

struct thread_info {
	unsigned long flags;
	u32 status;
};

typedef struct {
	u32 val;
} kuid_t;

typedef struct {
	u32 val;
} kgid_t;

/* Two words of 32 bits before 6.3 (f122a08b197d), the lower first: as bytes it is the same. */
typedef struct {
	u64 val;
} kernel_cap_t;

struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

struct user_namespace {
	struct uid_gid_map uid_map;
	struct uid_gid_map gid_map;
};

struct group_info {
	int ngroups;
	kgid_t gid[1];
};

struct cred {
	kuid_t uid;
	kgid_t gid;
	kuid_t suid;
	kgid_t sgid;
	kuid_t euid;
	kgid_t egid;
	kuid_t fsuid;
	kgid_t fsgid;
	kernel_cap_t cap_inheritable;
	kernel_cap_t cap_permitted;
	kernel_cap_t cap_effective;
	struct user_namespace *user_ns;
	struct group_info *group_info;
};

struct super_block {
	u32 s_dev;
	unsigned long s_flags;
	unsigned long s_magic;
};

struct inode {
	u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	u32 i_flags;
	struct super_block *i_sb;
	unsigned long i_ino;
};

struct qstr {
	u32 len;
	unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	u32 f_mode;
	void *private_data;
};

struct mm_struct {
	unsigned long total_vm;
	unsigned long arg_start;
	unsigned long arg_end;
	unsigned long env_start;
	unsigned long env_end;
	struct file *exe_file;
};

struct linux_binprm {
	char *filename;
};

struct kernfs_node {
	char *name;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[16];
};

struct pid {
	u32 level;
	struct upid numbers[1];
};

struct rlimit {
	unsigned long rlim_cur;
	unsigned long rlim_max;
};

struct tty_driver {
	int major;
	int minor_start;
};

struct tty_struct {
	struct tty_driver *driver;
	int index;
};

struct signal_struct {
	struct list_head thread_head;
	struct pid *pids[4];
	struct tty_struct *tty;
	struct rlimit rlim[16];
	u32 is_child_subreaper : 1;
	u32 has_child_subreaper : 1;
};

union __sifields {
	struct {
		s32 _pid;
	} _kill;
};

struct kernel_siginfo {
	struct {
		int si_code;
		union __sifields _sifields;
	};
};

struct nsproxy {
	struct pid_namespace *pid_ns_for_children;
};

struct fdtable {
	u32 max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	u32 flags;
	struct mm_struct *mm;
	int exit_code;
	s32 pid;
	s32 tgid;
	struct task_struct *real_parent;
	struct list_head children;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct list_head thread_node;
	u64 start_time;
	unsigned long min_flt;
	unsigned long maj_flt;
	struct cred *cred;
	char comm[16];
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	kuid_t loginuid;
	struct css_set *cgroups;
};

struct pid_namespace {
	struct task_struct *child_reaper;
	u32 level;
};

enum cgroup_subsys_id {
	cpuset_cgrp_id,
	cpu_cgrp_id,
	cpuacct_cgrp_id,
	io_cgrp_id,
	memory_cgrp_id,
};

struct in6_addr {
	union {
		u32 u6_addr32[4];
	} in6_u;
};

struct sock_common {
	u32 skc_daddr;
	u16 skc_dport;
	u16 skc_family;
	struct in6_addr skc_v6_daddr;
};

struct sock {
	struct sock_common __sk_common;
	u32 sk_ack_backlog;
	u32 sk_max_ack_backlog;
};

struct ipv6_pinfo {
	struct in6_addr saddr;
};

struct inet_sock {
	struct ipv6_pinfo *pinet6;
	u32 inet_saddr;
	u16 inet_sport;
};

struct sockaddr_un {
	u16 sun_family;
	char sun_path[108];
};

struct unix_address {
	int len; /* of the used part of the name, with the family */
	struct sockaddr_un name[];
};

struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
};

struct socket {
	struct sock *sk;
};

struct io_cmd_data {
	struct file *file;
};

struct io_kiocb {
	u8 opcode;
};

struct filename {
	char *name;
};

struct io_open {
	struct filename *filename;
};

#pragma clang attribute pop

#endif /* INNERWARDEN_KERNEL_H */
