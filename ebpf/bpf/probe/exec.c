/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * New programs in old processes. Successes come from sched_process_exec, since after one the
 * registers are those of the new program and name no call (on x86 even execveat returns as
 * execve); they are all execve events. Failures come from the end of the system call.
 */
#define MAX_POINTERS 16 /* of argv and envp of a failed call */

/* tty, as user space encodes device numbers; 0 for none */
static __always_inline u32 task_tty(struct signal_struct *signal)
{
	struct tty_struct *tty = BPF_CORE_READ(signal, tty);
	struct tty_driver *driver = BPF_CORE_READ(tty, driver);
	u32 device, minor;

	if (!driver)
		return 0;
	device = ((u32)BPF_CORE_READ(driver, major) << 20 | (u32)BPF_CORE_READ(driver, minor_start)) +
		 BPF_CORE_READ(tty, index);
	minor = device & 0xfffff;
	return (minor & 0xff) | (device >> 20) << 8 | (minor & ~0xff) << 12;
}

/* tty, vpgid, loginuid, flags, caps, exe_ino and its times, uid, trusted_exepath, pgid, gid */
static __always_inline void event_program(struct event *event, struct task_struct *task,
					  struct mm_struct *mm, struct cred *cred)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct pid *group = BPF_CORE_READ(signal, pids[PIDTYPE_PGID]);
	s32 own_group = pid_own_number(group).nr, host_group = pid_number(group, 0).nr;
	struct file *file = BPF_CORE_READ(mm, exe_file);
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct capabilities sets = read_capabilities(cred);
	struct ids ids = read_ids(cred);
	struct execution execution = { cred, &ids, sets.effective, file, inode };

	event_u32(event, task_tty(signal));
	event_s64(event, own_group);
	event_u32(event, task_loginuid(task));
	event_u32(event, executable_flags(event->scratch, &execution));
	event_capabilities(event, &sets);
	event_u64(event, BPF_CORE_READ(inode, i_ino));
	event_u64(event, inode_ctime_ns(inode));
	event_u64(event, inode_mtime_ns(inode));
	event_u32(event, ids.euid);
	event_path(event, &file->f_path);
	event_s64(event, host_group);
	event_u32(event, ids.egid);
}

SEC("tp_btf/sched_process_exec")
int program_started(u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct linux_binprm *program = (struct linux_binprm *)ctx[2];
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct cred *cred = BPF_CORE_READ(task, cred);
	struct areas areas = read_areas(mm);
	struct event event;

	if (is_self() || !EVENT_BEGIN(&event, EXECVE_V19_X))
		return 0;
	event_s64(&event, 0);
	event_exe_args(&event, &areas);
	event_process(&event, task, mm, task);
	event_cgroups(&event, task);
	event_user_area(&event, areas.env_start,
			at_most(areas.env_end - areas.env_start, MAX_AREA_BYTES));
	event_program(&event, task, mm, cred);
	event_kernel_text(&event, BPF_CORE_READ(program, filename), MAX_PATH_BYTES);
	event_send(&event);
	return 0;
}

/* An array of pointers in user space; those of 32-bit programs are narrow. */
struct pointers {
	u64 at;
	u64 narrow;
};

/* The pointer number `index` of an array in user space; 0 at its end or if it cannot be read. */
static __always_inline u64 user_pointer(struct event *event, struct pointers *array, u32 index)
{
	u64 pointer = 0;

	if (scratch_forget(event->scratch, array->narrow))
		bpf_probe_read_user(&pointer, sizeof(u32), (void *)(array->at + index * sizeof(u32)));
	else
		bpf_probe_read_user(&pointer, sizeof(pointer),
				    (void *)(array->at + index * sizeof(pointer)));
	return pointer;
}

/* The texts that an array points at from `first` on, together at most `room` bytes. */
static __always_inline void event_user_texts(struct event *event, struct pointers *array,
					     u32 first, u64 room)
{
	u64 before = event->size, bytes;
	u32 index;

	for (index = first; index < MAX_POINTERS; index++) {
		u64 text = user_pointer(event, array, index);
		long read;

		if (!text || event->size - before >= room)
			break;
		read = bpf_probe_read_user_str(&event->bytes[POSITION(event->size)],
					       MAX_AREA_BYTES, (void *)text);
		if (read > 0)
			event_advance(event, read);
	}
	bytes = at_most(event->size - before, room);
	event->size = scratch_forget(event->scratch, before + bytes);
	if (bytes)
		event->bytes[POSITION(event->size - 1)] = 0;
	event_end_param(event, bytes);
}

/* exe, args of a call that failed: what was asked for, not what runs */
static __always_inline void event_asked_exe_args(struct event *event, struct pointers *argv)
{
	u64 before = event->size;

	if (!argv->at) {
		event_u8(event, 0);
	} else {
		event_user_text(event, user_pointer(event, argv, 0), MAX_AREA_BYTES);
	}
	event_user_texts(event, argv, 1, MAX_AREA_BYTES - (event->size - before));
}

/* Everything but the end of the event of a failed call; false if there is none. */
static __always_inline bool begin_failed(struct event *event, u32 type, u32 params,
					 struct call *call, u64 argv, u64 envp)
{
	struct task_struct *task = current_task();
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct cred *cred = BPF_CORE_READ(task, cred);
	struct pointers arguments, environment;

	if (!call->ret || is_needless_failure(call, type) ||
	    !event_begin(event, type, params, BPF_CORE_READ(task, pid)))
		return false;
	arguments.at = scratch_forget(event->scratch, argv);
	arguments.narrow = scratch_forget(event->scratch, call->compat);
	environment.at = scratch_forget(event->scratch, envp);
	environment.narrow = arguments.narrow;
	event_s64(event, call->ret);
	event_asked_exe_args(event, &arguments);
	event_process(event, task, mm, task);
	event_cgroups(event, task);
	event_user_texts(event, &environment, 0, MAX_AREA_BYTES);
	event_program(event, task, mm, cred);
	return true;
}

SYSCALL(execve)
{
	struct event event;

	if (!begin_failed(&event, EVENT_EXECVE_V19_X, EVENT_EXECVE_V19_X_PARAMS, call,
			  call->args[1], call->args[2]))
		return;
	event_user_text(&event, call->args[0], MAX_PATH_BYTES);
	event_send(&event);
}

SYSCALL(execveat)
{
	struct event event;

	if (begin_failed(&event, EVENT_EXECVEAT_X, EVENT_EXECVEAT_X_PARAMS, call, call->args[2],
			 call->args[3]))
		event_send(&event);
}
