/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Page faults, which x86 reports. There for rules that name the event.
 */
#if defined(__TARGET_ARCH_x86)
/* arch/x86/include/asm/trap_pf.h to libs 0.25.4 PPM_PF_*, which names the contrary of the first three as well. */
static __always_inline u32 scap_page_fault(u64 error)
{
	return (error & 0x1 ? 1 << 0 : 1 << 1) | (error & 0x2 ? 1 << 2 : 1 << 3) |
	       (error & 0x4 ? 1 << 4 : 1 << 5) | MOVED(error, 0x8, 1 << 6) |
	       MOVED(error, 0x10, 1 << 7);
}

static __always_inline int page_fault(u64 *ctx)
{
	struct pt_regs *regs = (struct pt_regs *)ctx[1];
	struct event event;

	if (is_self() || !EVENT_BEGIN(&event, PAGE_FAULT_E))
		return 0;
	event_u64(&event, ctx[0]);
	event_u64(&event, BPF_CORE_READ(regs, ip));
	event_u32(&event, scap_page_fault(ctx[2]));
	event_send(&event);
	return 0;
}

SEC("tp_btf/page_fault_user")
int page_fault_of_program(u64 *ctx)
{
	return page_fault(ctx);
}

SEC("tp_btf/page_fault_kernel")
int page_fault_of_kernel(u64 *ctx)
{
	return page_fault(ctx);
}
#endif
