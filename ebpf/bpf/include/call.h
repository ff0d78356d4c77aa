/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A finished system call as a probe sees it, however the probe is attached.
 *
 * The same body serves two objects. In the dispatcher object one program hangs on
 * tp_btf/sys_exit and tail-calls the program of the call's number. In the fexit object
 * (-DATTACH_FEXIT) each program hangs on the kernel function of its call, so that other
 * calls are not slowed down. Both get the same context: registers, then the return value.
 */
#ifndef INNERWARDEN_CALL_H
#define INNERWARDEN_CALL_H

#include <bpf/bpf_core_read.h>

#include "task.h"

struct call {
	u64 args[6];
	s64 ret;
	bool compat; /* a 32-bit call: pointers and longs have 4 bytes */
	void *regs;  /* of the kernel */
};

/*
 * Where the registers at the entry of the call are. Programs on functions do not take them from the
 * function's argument: in types that an older pahole wrote (5.10) struct pt_regs is a mere
 * declaration for the functions of some files, and the verifier then refuses the argument.
 */
#if !defined(ATTACH_FEXIT)
static __always_inline void *call_regs(u64 *ctx)
{
	return (void *)ctx[0];
}
#elif defined(__TARGET_ARCH_arm64)
static __always_inline void *call_regs(u64 *ctx)
{
	/* fexit works there since 6.0, this helper since 5.15. */
	return (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
}
#else
#define THREAD_BYTES 16384 /* THREAD_SIZE without KASAN */
static __always_inline void *call_regs(u64 *ctx)
{
	/* Since 5.15 (dd6e10fbd9fb). */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		return (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	/* No padding above them before FRED of 6.9. */
	return BPF_CORE_READ(current_task(), stack) + THREAD_BYTES - bpf_core_type_size(struct pt_regs);
}
#endif

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 0x0002 /* arch/x86/include/asm/thread_info.h */
#define IA32_SOCKETCALL 102

/* The part of struct pt_regs from `bp` to `orig_ax`; uapi/asm/ptrace.h promises its layout. */
struct saved_regs {
	u64 bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax;
};
#define SAVED_REGS_OFFSET (4 * sizeof(u64))

static __always_inline bool is_compat(struct task_struct *task)
{
	return BPF_CORE_READ(task, thread_info.status) & TS_COMPAT;
}

/* The number of the call, for those few who do not know it. */
static __always_inline u32 call_regs_number(void *pt_regs)
{
	return BPF_CORE_READ((struct pt_regs *)pt_regs, orig_ax);
}

static __always_inline void read_compat_args(struct call *call, struct saved_regs *regs)
{
	call->args[0] = (u32)regs->bx;
	call->args[1] = (u32)regs->cx;
	call->args[2] = (u32)regs->dx;
	call->args[3] = (u32)regs->si;
	call->args[4] = (u32)regs->di;
	call->args[5] = (u32)regs->bp;
	if ((u32)regs->orig_ax == IA32_SOCKETCALL) {
		u32 args[6] = {};

		/* Longer than what some calls have: what cannot be read stays 0. */
		if (bpf_probe_read_user(args, sizeof(args), (void *)call->args[1]))
			bpf_probe_read_user(args, 3 * sizeof(args[0]), (void *)call->args[1]);
		call->args[0] = args[0];
		call->args[1] = args[1];
		call->args[2] = args[2];
		call->args[3] = args[3];
		call->args[4] = args[4];
		call->args[5] = args[5];
	}
}

static __always_inline void spread_args(struct call *call, struct saved_regs *regs)
{
	if (call->compat) {
		read_compat_args(call, regs);
		return;
	}
	call->args[0] = regs->di;
	call->args[1] = regs->si;
	call->args[2] = regs->dx;
	call->args[3] = regs->r10;
	call->args[4] = regs->r8;
	call->args[5] = regs->r9;
}

/* With one helper call, wherever the pointer comes from. */
static __always_inline void read_args(struct call *call, void *pt_regs)
{
	struct saved_regs regs;

	if (!bpf_probe_read_kernel(&regs, sizeof(regs), pt_regs + SAVED_REGS_OFFSET))
		spread_args(call, &regs);
}

/* The pointer of a typed tracepoint has a type, so that a register costs one instruction. */
static __always_inline void read_typed_args(struct call *call, struct pt_regs *from)
{
	struct saved_regs regs = {
		.bp = from->bp,
		.bx = from->bx,
		.r10 = from->r10,
		.r9 = from->r9,
		.r8 = from->r8,
		.cx = from->cx,
		.dx = from->dx,
		.si = from->si,
		.di = from->di,
		.orig_ax = from->orig_ax,
	};

	spread_args(call, &regs);
}

#elif defined(__TARGET_ARCH_arm64)

#define TIF_32BIT (1UL << 22) /* arch/arm64/include/asm/thread_info.h */

static __always_inline bool is_compat(struct task_struct *task)
{
	return BPF_CORE_READ(task, thread_info.flags) & TIF_32BIT;
}

/* The number of the call, for those few who do not know it. */
static __always_inline u32 call_regs_number(void *pt_regs)
{
	return BPF_CORE_READ((struct pt_regs *)pt_regs, syscallno);
}

static __always_inline void read_args(struct call *call, void *pt_regs)
{
	u64 regs[6]; /* uapi/asm/ptrace.h: struct pt_regs begins with them */

	if (bpf_probe_read_kernel(regs, sizeof(regs), pt_regs))
		return;
	/* The return value is where the first argument was. */
	call->args[0] = BPF_CORE_READ((struct pt_regs *)pt_regs, orig_x0);
	call->args[1] = regs[1];
	call->args[2] = regs[2];
	call->args[3] = regs[3];
	call->args[4] = regs[4];
	call->args[5] = regs[5];
}

#endif

/*
 * The calling task by a typed pointer, whose fields cost one instruction to read. Kernels before
 * 5.11 (3ca1032ab7ab) have an untyped one only.
 */
static __always_inline bool in_compat_call(void)
{
	struct task_struct *task;

	if (!bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		return is_compat(current_task());
	task = bpf_get_current_task_btf();
#if defined(__TARGET_ARCH_x86)
	return task->thread_info.status & TS_COMPAT;
#else
	return task->thread_info.flags & TIF_32BIT;
#endif
}

static __always_inline void read_registers(struct call *call, u64 *ctx)
{
	call->compat = in_compat_call();
	call->regs = call_regs(ctx);
#if defined(ATTACH_FEXIT) || !defined(__TARGET_ARCH_x86)
	read_args(call, call->regs);
#else
	read_typed_args(call, call->regs);
#endif
}

/* False if the event is not wanted: our own, or a failure where only successes are wanted. */
static __always_inline bool read_call(struct call *call, u64 *ctx)
{
	struct settings *settings = current_settings();

	if (is_self())
		return false;
	call->ret = ctx[1];
	if (settings && settings->drop_failed && call->ret < 0)
		return false;
	read_registers(call, ctx);
	return true;
}

#define CALL_PROGRAM(section, program, body)      \
	SEC(section) int program(u64 *ctx)        \
	{                                         \
		struct call call = {};            \
                                                  \
		if (read_call(&call, ctx))        \
			body(&call);              \
		return 0;                         \
	}

/*
 * SYSCALL(close) { ... } defines the probe of one system call. Its body gets `call`.
 * The loader finds programs by name: `call_close`, and for 32-bit calls in the fexit object of
 * x86 `compat_close`. On arm64 and in the dispatcher object one program serves both.
 */
#if defined(ATTACH_FEXIT)
#define CALL_SECTION "fexit"
#else
#define CALL_SECTION "tp_btf/sys_exit"
#endif

#if defined(ATTACH_FEXIT) && defined(__TARGET_ARCH_x86)
#define COMPAT_PROGRAM(name) CALL_PROGRAM(CALL_SECTION, compat_##name, on_##name)
#else
#define COMPAT_PROGRAM(name)
#endif

#define SYSCALL(name)                                             \
	static __always_inline void on_##name(struct call *call); \
	CALL_PROGRAM(CALL_SECTION, call_##name, on_##name)        \
	COMPAT_PROGRAM(name)                                      \
	static __always_inline void on_##name(struct call *call)

#endif /* INNERWARDEN_CALL_H */
