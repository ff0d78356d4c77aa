/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A system call that begins: what its pointers point to, before another thread can change it.
 *
 * Looking at the same memory again when the call ends is a race that an attacker can win. So
 * calls whose texts decide tell them twice.
 *
 * In the fexit object a program hangs on the entry of the call's function. In the dispatcher
 * object it hangs on a classic tracepoint, which exists for native calls alone; those of 32-bit
 * programs get a kprobe.
 */
#ifndef INNERWARDEN_ENTER_H
#define INNERWARDEN_ENTER_H

#include "call.h"

#if defined(ATTACH_FEXIT)

static __always_inline bool read_enter(struct call *call, u64 *ctx)
{
	if (is_self())
		return false;
	read_registers(call, ctx);
	return true;
}

#define ENTER_NATIVE "fentry"
#define ENTER_COMPAT "fentry"
#define read_enter_native(call, ctx, count) read_enter(call, ctx)
#define read_enter_compat(call, ctx) read_enter(call, ctx)

#else

/* Context of `syscalls:sys_enter_*`: /sys/kernel/tracing/events/syscalls/<name>/format. */
#define ENTER_ARGS 2

/* A program may not look further than the tracepoint's last field: `count` arguments. */
static __always_inline bool read_enter_native(struct call *call, u64 *ctx, u32 count)
{
	u32 index;

	if (is_self())
		return false;
#pragma unroll
	for (index = 0; index < 6; index++) {
		if (index < count)
			call->args[index] = ctx[ENTER_ARGS + index];
	}
	return true;
}

#define FIRST_ARGUMENT 14 /* `di` among the numbers of struct pt_regs */

static __always_inline bool read_enter_compat(struct call *call, u64 *ctx)
{
	if (is_self())
		return false;
	call->compat = true;
	read_args(call, (void *)ctx[FIRST_ARGUMENT]);
	return true;
}

#define ENTER_NATIVE "tracepoint"
#define ENTER_COMPAT "kprobe"

#endif

/* ENTER(openat, 4) { ... } defines the program of a call of four arguments. Its body gets `call`. */
#define ENTER_PROGRAM(name, count)                                         \
	SEC(ENTER_NATIVE) int enter_##name(u64 *ctx)                       \
	{                                                                  \
		struct call call = {};                                     \
                                                                           \
		if (read_enter_native(&call, ctx, count))                  \
			before_##name(&call);                              \
		return 0;                                                  \
	}

#define ENTER_COMPAT_PROGRAM(name)                                         \
	SEC(ENTER_COMPAT) int enter_compat_##name(u64 *ctx)                \
	{                                                                  \
		struct call call = {};                                     \
                                                                           \
		if (read_enter_compat(&call, ctx))                         \
			before_##name(&call);                              \
		return 0;                                                  \
	}

#if defined(__TARGET_ARCH_x86)
#define ENTER(name, count)                                                 \
	static __always_inline void before_##name(struct call *call);      \
	ENTER_PROGRAM(name, count)                                         \
	ENTER_COMPAT_PROGRAM(name)                                         \
	static __always_inline void before_##name(struct call *call)
#else
#define ENTER(name, count)                                                 \
	static __always_inline void before_##name(struct call *call);      \
	ENTER_PROGRAM(name, count)                                         \
	static __always_inline void before_##name(struct call *call)
#endif

#endif /* INNERWARDEN_ENTER_H */
