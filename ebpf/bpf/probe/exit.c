/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ends of threads, and who inherits their children.
 *
 * sched_process_exit is raised before the kernel looks for the new parent, so its search
 * (find_new_reaper() in kernel/exit.c) is repeated here: another thread of the group, then the
 * nearest ancestor that asked for orphans, then init of the pid namespace.
 */
#define MAX_SEARCH_STEPS 64 /* threads and ancestors looked at */
#define NOT_DETERMINED (-1)  /* user space decides by what it knows */

static __always_inline struct task_struct *next_thread(struct list_head *node)
{
	struct list_head *next = NULL;

	bpf_probe_read_kernel(&next, sizeof(next), node);
	return (void *)next - bpf_core_field_offset(struct task_struct, thread_node);
}

/* The tid of the thread that gets the children of `dying`; 0 if its namespace ends with it. */
static __always_inline s32 find_reaper(struct task_struct *dying)
{
	struct pid *pid = BPF_CORE_READ(dying, thread_pid);
	struct upid own = pid_own_number(pid);
	struct task_struct *init = BPF_CORE_READ(own.ns, child_reaper);
	struct signal_struct *signal = BPF_CORE_READ(dying, signal);
	bool orphans_wanted = BPF_CORE_READ_BITFIELD_PROBED(signal, has_child_subreaper);
	u32 level = BPF_CORE_READ(pid, level);
	struct task_struct *ancestor = dying;
	struct list_head *head = &signal->thread_head;
	struct task_struct *thread = next_thread(head);
	int step;

	for (step = 0; step < MAX_SEARCH_STEPS; step++) {
		if (&thread->thread_node != head) {
			if (!(BPF_CORE_READ(thread, flags) & PF_EXITING))
				return BPF_CORE_READ(thread, pid);
			thread = next_thread(&thread->thread_node);
			continue;
		}
		/* No thread of this process is alive: on to the parent. */
		if (ancestor == dying && init == dying)
			return 0;
		if (!orphans_wanted)
			break;
		ancestor = BPF_CORE_READ(ancestor, real_parent);
		if (ancestor == init || BPF_CORE_READ(ancestor, thread_pid, level) != level)
			break;
		signal = BPF_CORE_READ(ancestor, signal);
		if (BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper)) {
			head = &signal->thread_head;
			thread = next_thread(head);
		}
	}
	return step < MAX_SEARCH_STEPS ? BPF_CORE_READ(init, pid) : NOT_DETERMINED;
}

SEC("tp_btf/sched_process_exit")
int thread_ended(u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct list_head *children = &task->children;
	s32 status = BPF_CORE_READ(task, exit_code);
	u32 signal = status & 0x7f; /* 0x7f itself says stopped */
	struct event event;

	if (is_self() || !EVENT_BEGIN(&event, PROCEXIT_V1_E))
		return 0;
	event_s64(&event, status);
	event_s64(&event, (status >> 8) & 0xff);
	event_u8(&event, signal == 0x7f ? 0 : signal);
	event_u8(&event, (status & 0x80) != 0);
	event_s64(&event, BPF_CORE_READ(task, children.next) == children ? 0 : find_reaper(task));
	event_send(&event);
	return 0;
}
