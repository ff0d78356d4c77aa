/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The dispatcher: every system call of the host passes here on its way out.
 *
 * tp_btf/sys_exit rather than one tracepoint for each call: the registers come as a typed
 * pointer and no perf event is needed. An empty slot of `calls` is what makes a system call
 * uninteresting, so finding that out costs one failed tail call and nothing else.
 */
#if defined(__TARGET_ARCH_x86)
/* Programs by the first argument of socketcall(2). */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 32);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} socket_calls SEC(".maps");
#endif

#ifndef ATTACH_FEXIT

/* Programs by native number. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, MAX_SYSCALLS);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} calls SEC(".maps");

#if defined(__TARGET_ARCH_x86)
/* Programs by ia32 number. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, MAX_SYSCALLS);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} compat_calls SEC(".maps");

static __always_inline u32 call_number(struct pt_regs *regs)
{
	return regs->orig_ax;
}

static __always_inline void dispatch_compat(u64 *ctx, struct pt_regs *regs)
{
	u32 number = call_number(regs);

	if (number == IA32_SOCKETCALL)
		bpf_tail_call(ctx, &socket_calls, (u32)regs->bx);
	else
		bpf_tail_call(ctx, &compat_calls, number);
}
#else
static __always_inline u32 call_number(struct pt_regs *regs)
{
	return regs->syscallno;
}

static __always_inline void dispatch_compat(u64 *ctx, struct pt_regs *regs)
{
	/* 32-bit arm has numbers of its own; nothing here knows them. */
}
#endif

SEC("tp_btf/sys_exit")
int dispatch(u64 *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)ctx[0];

	if (in_compat_call())
		dispatch_compat(ctx, regs);
	else
		bpf_tail_call(ctx, &calls, call_number(regs));
	return 0;
}

#endif
