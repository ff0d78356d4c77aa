/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The credentials of a task.
 */
#ifndef INNERWARDEN_CREDENTIALS_H
#define INNERWARDEN_CREDENTIALS_H

#include "task.h"

#define NO_ID ((u32)-1)

/* In the order of struct cred. */
struct ids {
	u32 uid, gid, suid, sgid, euid, egid, fsuid, fsgid;
};

struct capabilities {
	u64 inheritable, permitted, effective;
};

static __always_inline struct ids read_ids(struct cred *cred)
{
	struct ids ids;

	if (!READ_RUN(ids, cred, cred, uid, fsgid)) {
		ids.euid = BPF_CORE_READ(cred, euid.val);
		ids.egid = BPF_CORE_READ(cred, egid.val);
		ids.fsuid = BPF_CORE_READ(cred, fsuid.val);
		ids.fsgid = BPF_CORE_READ(cred, fsgid.val);
	}
	return ids;
}

static __always_inline struct capabilities read_capabilities(struct cred *cred)
{
	struct capabilities sets;

	if (!READ_RUN(sets, cred, cred, cap_inheritable, cap_effective)) {
		sets.inheritable = BPF_CORE_READ(cred, cap_inheritable.val);
		sets.permitted = BPF_CORE_READ(cred, cap_permitted.val);
		sets.effective = BPF_CORE_READ(cred, cap_effective.val);
	}
	return sets;
}

/* The capabilities that scap has a name for: CAP_CHECKPOINT_RESTORE is the last. */
static __always_inline u64 known_capabilities(u64 capabilities)
{
	return capabilities & ((1ULL << 41) - 1);
}

static __always_inline void event_capabilities(struct event *event, struct capabilities *sets)
{
	event_u64(event, known_capabilities(sets->inheritable));
	event_u64(event, known_capabilities(sets->permitted));
	event_u64(event, known_capabilities(sets->effective));
}

#endif /* INNERWARDEN_CREDENTIALS_H */
