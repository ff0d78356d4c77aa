/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls that have no event type of their own: that they happened, and which one it was.
 *
 * The loader says by number what they are; a number that it did not fill in is none of them.
 */

/* By number: Falco's code, and shifted by 16 the number in 64-bit programs. 0: not wanted. */
struct generic_calls {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_SYSCALLS);
	__type(key, u32);
	__type(value, u32);
};

struct generic_calls generic_calls SEC(".maps");
#if defined(__TARGET_ARCH_x86)
struct generic_calls compat_generic_calls SEC(".maps");
#endif

static __always_inline u32 generic_call(u32 number, bool compat)
{
	u32 *found;

#if defined(__TARGET_ARCH_x86)
	if (compat)
		found = bpf_map_lookup_elem(&compat_generic_calls, &number);
	else
#endif
		found = bpf_map_lookup_elem(&generic_calls, &number);
	return found ? *found : 0;
}

static __always_inline void on_generic_call(struct call *call)
{
	u32 known = generic_call(call_regs_number(call->regs), call->compat);
	struct event event;

	if (!known || !EVENT_BEGIN(&event, GENERIC_X))
		return;
	event_u16(&event, known);
	event_u16(&event, known >> 16);
	event_send(&event);
}

#if defined(ATTACH_FEXIT)

/* A program hangs on one function, so there are some that are all the same. */
#define GENERIC_COPY(index) CALL_PROGRAM("fexit", generic_##index, on_generic_call)
GENERIC_COPY(0)
GENERIC_COPY(1)
GENERIC_COPY(2)
GENERIC_COPY(3)
GENERIC_COPY(4)
GENERIC_COPY(5)
GENERIC_COPY(6)
GENERIC_COPY(7)
GENERIC_COPY(8)
GENERIC_COPY(9)
GENERIC_COPY(10)
GENERIC_COPY(11)
GENERIC_COPY(12)
GENERIC_COPY(13)
GENERIC_COPY(14)
GENERIC_COPY(15)

/* For more calls than there are copies: on the exit of every call. */
CALL_PROGRAM("tp_btf/sys_exit", every_generic, on_generic_call)

#else

CALL_PROGRAM("tp_btf/sys_exit", call_generic, on_generic_call)

#endif
