/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Disk quotas. What the address points to depends on the command.
 */
#include "quota_command.h"

/* struct if_dqblk and struct if_dqinfo of include/uapi/linux/quota.h. */
struct quota_limits {
	u64 blocks_hard;
	u64 blocks_soft;
	u64 space;
	u64 inodes_hard;
	u64 inodes_soft;
	u64 inodes;
	u64 blocks_time;
	u64 inodes_time;
	u32 valid; /* 1 block limits, 2 space, 4 inode limits, 16 block time, 32 inode time */
};

struct quota_info {
	u64 blocks_grace;
	u64 inodes_grace;
	u32 flags;
	u32 valid; /* 1 block grace, 2 inode grace, 4 flags */
};

static __always_inline void event_quota_limits(struct event *event, u64 address)
{
	struct quota_limits limits = {};

	if (address)
		bpf_probe_read_user(&limits, sizeof(limits), (void *)address);
	event_u64(event, limits.valid & 1 ? limits.blocks_hard : 0);
	event_u64(event, limits.valid & 1 ? limits.blocks_soft : 0);
	event_u64(event, limits.valid & 2 ? limits.space : 0);
	event_u64(event, limits.valid & 4 ? limits.inodes_hard : 0);
	event_u64(event, limits.valid & 4 ? limits.inodes_soft : 0);
	event_u64(event, limits.valid & 16 ? limits.blocks_time : 0);
	event_u64(event, limits.valid & 32 ? limits.inodes_time : 0);
}

static __always_inline void event_quota_info(struct event *event, u64 address)
{
	struct quota_info info = {};

	if (address)
		bpf_probe_read_user(&info, sizeof(info), (void *)address);
	event_u64(event, info.valid & 1 ? info.blocks_grace : 0);
	event_u64(event, info.valid & 2 ? info.inodes_grace : 0);
	event_u8(event, info.valid & 4 ? info.flags : 0);
}

SYSCALL(quotactl)
{
	u16 command = scap_quota_command((u32)call->args[0] >> 8);
	u64 address = call->args[3];
	struct event event;
	u32 format = 0;

	if (!CALL_BEGIN(QUOTACTL_X))
		return;
	event_s64(&event, call->ret);
	event_user_path(&event, call->args[1]);
	event_user_path(&event, command == SCAP_Q_QUOTAON ? address : 0);
	event_quota_limits(&event, command & SCAP_Q_LIMITS ? address : 0);
	event_quota_info(&event, command & SCAP_Q_INFO ? address : 0);
	if (command == SCAP_Q_GETFMT)
		bpf_probe_read_user(&format, sizeof(format), (void *)address);
	event_u8(&event, scap_quota_format(format));
	event_u16(&event, command);
	event_u8(&event, scap_quota_type(call->args[0]));
	event_u32(&event, command & SCAP_Q_OF_ID ? call->args[2] : 0);
	event_u8(&event, scap_quota_format(command == SCAP_Q_QUOTAON ? call->args[2] : 0));
	event_send(&event);
}
