/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A processor goes from one thread to the next. There for rules that name the event.
 */
SEC("tp_btf/sched_switch")
int thread_switched(u64 *ctx)
{
	struct task_struct *from = (struct task_struct *)ctx[1];
	struct task_struct *to = (struct task_struct *)ctx[2];
	struct event event;

	if (is_self() || !EVENT_BEGIN(&event, SCHEDSWITCH_V6_E))
		return 0;
	event_s64(&event, BPF_CORE_READ(to, pid));
	event_u64(&event, BPF_CORE_READ(from, maj_flt));
	event_u64(&event, BPF_CORE_READ(from, min_flt));
	event_memory(&event, BPF_CORE_READ(from, mm));
	event_send(&event);
	return 0;
}
