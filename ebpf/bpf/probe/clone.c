/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * New processes and threads. A successful clone makes two events: the caller's, whose result
 * is the child, and the child's, whose result is 0.
 *
 * In the dispatcher object on x86 the child's is the end of its own system call. On arm64 a
 * child does not pass the tracepoint, and under fexit it does not return through the function:
 * there sched_process_fork, which runs before the child does, makes the child's event.
 */
#include "clone_flags.h"

static __always_inline void send_clone(struct event *event, struct task_struct *task, s64 ret,
				       u32 flags, struct task_struct *faulting)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct ids ids = read_ids(BPF_CORE_READ(task, cred));
	struct upid tid = pid_own_number(BPF_CORE_READ(task, thread_pid));
	struct upid pid = pid_own_number(BPF_CORE_READ(task, signal, pids[PIDTYPE_TGID]));

	event_s64(event, ret);
	if (ret >= 0) {
		struct areas areas = read_areas(mm);

		event_exe_args(event, &areas);
	} else {
		event_empty(event);
		event_empty(event);
	}
	event_process(event, task, mm, faulting);
	event_cgroups(event, task);
	event_u32(event, flags);
	event_u32(event, ids.euid);
	event_u32(event, ids.egid);
	event_s64(event, tid.nr);
	event_s64(event, pid.nr);
	event_u64(event, ret == 0 ? BPF_CORE_READ(pid.ns, child_reaper, start_time) : 0);
	event_send(event);
}

/* The event of the calling task, or of a child that comes out of the call. */
static __always_inline void on_clone_call(struct event *event, struct call *call, u64 flags)
{
	struct task_struct *task = current_task();

	send_clone(event, task, call->ret, clone_flags(task, flags), task);
}

/* Where another hook tells of the child. */
#if defined(ATTACH_FEXIT) || defined(__TARGET_ARCH_arm64)
#define IS_CHILD_OF_HOOK(call) ((call)->ret == 0)
#else
#define IS_CHILD_OF_HOOK(call) false
#endif

/* Only the first member of `struct clone_args` is wanted, which every version of it has. */
static __always_inline u64 clone3_flags(u64 address)
{
	u64 flags = 0;

	bpf_probe_read_user(&flags, sizeof(flags), (void *)address);
	return flags;
}

SYSCALL(clone)
{
	struct event event;

	if (!IS_CHILD_OF_HOOK(call) && CALL_BEGIN(CLONE_V20_X))
		on_clone_call(&event, call, call->args[0]);
}

SYSCALL(clone3)
{
	struct event event;

	if (!IS_CHILD_OF_HOOK(call) && CALL_BEGIN(CLONE3_X))
		on_clone_call(&event, call, clone3_flags(call->args[0]));
}

SYSCALL(fork)
{
	struct event event;

	if (!IS_CHILD_OF_HOOK(call) && CALL_BEGIN(FORK_V20_X))
		on_clone_call(&event, call, 0);
}

SYSCALL(vfork)
{
	struct event event;

	if (!IS_CHILD_OF_HOOK(call) && CALL_BEGIN(VFORK_V20_X))
		on_clone_call(&event, call, 0);
}

#if defined(__TARGET_ARCH_arm64)

/* What the flags of the call can be told from. */
static __always_inline u32 flags_of_child(struct task_struct *parent, struct task_struct *child)
{
	struct upid own = pid_own_number(BPF_CORE_READ(child, thread_pid));
	u32 flags = BPF_CORE_READ(own.ns, level) ? SCAP_CHILD_IN_PIDNS : 0;

	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid))
		flags |= SCAP_CLONE_THREAD | SCAP_CLONE_SIGHAND | SCAP_CLONE_VM;
	if (BPF_CORE_READ(child, files) == BPF_CORE_READ(parent, files))
		flags |= SCAP_CLONE_FILES;
	return flags;
}

/* As libs have it on arm64: a clone event whatever the call was, with the caller's page faults. */
static __always_inline void tell_of_child(u64 *ctx, struct task_struct *parent,
					  struct task_struct *child)
{
	struct event event;

	if (event_begin(&event, EVENT_CLONE_V20_X, EVENT_CLONE_V20_X_PARAMS,
			BPF_CORE_READ(child, pid)))
		send_clone(&event, child, 0, flags_of_child(parent, child), parent);
}

#elif defined(ATTACH_FEXIT)

enum { NATIVE_FORK = 57, NATIVE_VFORK = 58, CLONE3 = 435 };
enum { COMPAT_FORK = 2, COMPAT_VFORK = 190 };

/* The event that the child's own return would have made. */
static __always_inline void tell_of_child(u64 *ctx, struct task_struct *parent,
					  struct task_struct *child)
{
	struct pt_regs *regs = call_regs(ctx);
	struct call call = { .compat = is_compat(parent) };
	u32 number = BPF_CORE_READ(regs, orig_ax);
	u32 type = EVENT_CLONE_V20_X;
	struct event event;
	u64 flags = 0;

	read_args(&call, regs);
	if (number == CLONE3) {
		type = EVENT_CLONE3_X;
		flags = clone3_flags(call.args[0]);
	} else if (number == (call.compat ? COMPAT_FORK : NATIVE_FORK)) {
		type = EVENT_FORK_V20_X;
	} else if (number == (call.compat ? COMPAT_VFORK : NATIVE_VFORK)) {
		type = EVENT_VFORK_V20_X;
	} else {
		flags = call.args[0];
	}
	/* All these types have the same parameters. */
	if (!event_begin(&event, EVENT_CLONE_V20_X, EVENT_CLONE_V20_X_PARAMS,
			 BPF_CORE_READ(child, pid)))
		return;
	event.type = scratch_forget(event.scratch, type);
	HEADER_FIELD(&event, type) = event.type;
	flags = scratch_forget(event.scratch, flags);
	send_clone(&event, child, 0, clone_flags(child, flags), child);
}

#endif

#if defined(ATTACH_FEXIT) || defined(__TARGET_ARCH_arm64)
SEC("tp_btf/sched_process_fork")
int process_forked(u64 *ctx)
{
	struct task_struct *parent = (struct task_struct *)ctx[0];
	struct task_struct *child = (struct task_struct *)ctx[1];
	bool is_own_thread =
		is_self() && BPF_CORE_READ(child, tgid) == BPF_CORE_READ(parent, tgid);

	if (!is_own_thread && !(BPF_CORE_READ(parent, flags) & PF_KTHREAD))
		tell_of_child(ctx, parent, child);
	return 0;
}
#endif
