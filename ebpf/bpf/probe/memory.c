/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Memory of a process: what is mapped, what may be executed, what stays in RAM.
 */
#include "map_flags.h"

/* 32-bit programs may pass the address of their arguments: mmap(2) of old. */
static __always_inline void read_old_mmap_args(struct call *call)
{
	u32 args[6] = {};

	bpf_probe_read_user(args, sizeof(args), (void *)call->args[0]);
	call->args[0] = args[0];
	call->args[1] = args[1];
	call->args[2] = args[2];
	call->args[3] = args[3];
	call->args[4] = args[4];
	call->args[5] = args[5];
}

static __always_inline void on_any_mmap(struct event *event, struct call *call)
{
	event_s64(event, call->ret);
	event_memory(event, BPF_CORE_READ(current_task(), mm));
	event_u64(event, call->args[0]);
	event_u64(event, call->args[1]);
	event_u32(event, scap_prot(call->args[2]));
	event_u32(event, scap_map_flags(call->args[3]));
	event_fd(event, call->args[4]);
	event_u64(event, call->args[5]);
	event_send(event);
}

SYSCALL(mmap)
{
	struct event event;

	if (!CALL_BEGIN(MMAP_X))
		return;
	if (call->compat)
		read_old_mmap_args(call);
	on_any_mmap(&event, call);
}

/* Of 32-bit programs only: its offset counts pages. */
SYSCALL(mmap2)
{
	struct event event;

	if (CALL_BEGIN(MMAP2_X))
		on_any_mmap(&event, call);
}

SYSCALL(munmap)
{
	struct event event;

	if (!CALL_BEGIN(MUNMAP_X))
		return;
	event_s64(&event, call->ret);
	event_memory(&event, BPF_CORE_READ(current_task(), mm));
	event_u64(&event, call->args[0]);
	event_u64(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(brk)
{
	struct event event;

	if (!CALL_BEGIN(BRK_V4_X))
		return;
	event_s64(&event, call->ret);
	event_memory(&event, BPF_CORE_READ(current_task(), mm));
	event_u64(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(mprotect)
{
	struct event event;

	if (!CALL_BEGIN(MPROTECT_X))
		return;
	event_s64(&event, call->ret);
	event_u64(&event, call->args[0]);
	event_u64(&event, call->args[1]);
	event_u32(&event, scap_prot(call->args[2]));
	event_send(&event);
}

SYSCALL(mlock)
{
	struct event event;

	if (!CALL_BEGIN(MLOCK_X))
		return;
	event_s64(&event, call->ret);
	event_u64(&event, call->args[0]);
	event_u64(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(mlock2)
{
	struct event event;

	if (!CALL_BEGIN(MLOCK2_X))
		return;
	event_s64(&event, call->ret);
	event_u64(&event, call->args[0]);
	event_u64(&event, call->args[1]);
	event_u32(&event, call->args[2] & 1);
	event_send(&event);
}

SYSCALL(munlock)
{
	struct event event;

	if (!CALL_BEGIN(MUNLOCK_X))
		return;
	event_s64(&event, call->ret);
	event_u64(&event, call->args[0]);
	event_u64(&event, call->args[1]);
	event_send(&event);
}

SYSCALL(mlockall)
{
	struct event event;

	if (!CALL_BEGIN(MLOCKALL_X))
		return;
	event_s64(&event, call->ret);
	event_u32(&event, call->args[0] & 7);
	event_send(&event);
}

SYSCALL(munlockall)
{
	struct event event;

	if (!CALL_BEGIN(MUNLOCKALL_X))
		return;
	event_s64(&event, call->ret);
	event_send(&event);
}
