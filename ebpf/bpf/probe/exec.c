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
	struct tty_struct *tty = signal ? FIELD(signal, tty) : NULL;
	struct tty_driver *driver = tty ? FIELD(tty, driver) : NULL;
	u32 device, minor;

	if (!driver)
		return 0;
	device = ((u32)FIELD(driver, major) << 20 | (u32)FIELD(driver, minor_start)) +
		 FIELD(tty, index);
	minor = device & 0xfffff;
	return (minor & 0xff) | (device >> 20) << 8 | (minor & ~0xff) << 12;
}

/* tty, vpgid, loginuid, flags, caps, exe_ino and its times, uid, trusted_exepath, pgid, gid */
static __always_inline void event_program(struct event *event, struct task_struct *task,
					  struct mm_struct *mm, struct cred *cred)
{
	struct signal_struct *signal = FIELD(task, signal);
	struct pid *group = signal ? FIELD(signal, pids[PIDTYPE_PGID]) : NULL;
	s32 own_group = pid_own_number(group).nr, host_group = pid_number(group, 0).nr;
	struct file *file = FIELD(mm, exe_file);
	struct inode *inode = file ? FIELD(file, f_inode) : NULL;

	event_u32(event, task_tty(signal));
	event_s64(event, own_group);
	event_u32(event, task_loginuid(task));
	event_u32(event, inode ? executable_flags(event->scratch, cred, file, inode) : 0);
	event_u64(event, known_capabilities(FIELD(cred, cap_inheritable.val)));
	event_u64(event, known_capabilities(FIELD(cred, cap_permitted.val)));
	event_u64(event, known_capabilities(FIELD(cred, cap_effective.val)));
	event_u64(event, inode ? FIELD(inode, i_ino) : 0);
	event_u64(event, inode ? inode_ctime_ns(inode) : 0);
	event_u64(event, inode ? inode_mtime_ns(inode) : 0);
	event_u32(event, FIELD(cred, euid.val));
	if (file)
		event_path(event, &file->f_path);
	else
		event_empty(event);
	event_s64(event, host_group);
	event_u32(event, FIELD(cred, egid.val));
}

SEC("tp_btf/sched_process_exec")
int program_started(u64 *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct linux_binprm *program = (struct linux_binprm *)ctx[2];
	struct mm_struct *mm = FIELD(task, mm);
	struct cred *cred = FIELD(task, cred);
	u64 environment;
	struct event event;

	/* Without memory or credentials there is no program; kernel threads start some. */
	if (!mm || !cred || FIELD(task, flags) & PF_KTHREAD || is_self())
		return 0;
	if (!EVENT_BEGIN(&event, EXECVE_V19_X))
		return 0;
	event_s64(&event, 0);
	event_exe_args(&event, mm);
	event_process(&event, task, mm, task);
	event_cgroups(&event, task);
	environment = FIELD(mm, env_start);
	event_user_area(&event, environment,
			at_most(FIELD(mm, env_end) - environment, MAX_AREA_BYTES));
	event_program(&event, task, mm, cred);
	event_kernel_text(&event, FIELD(program, filename), MAX_PATH_BYTES);
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
		read = bpf_probe_read_user_str(&event->scratch->bytes[POSITION(event->size)],
					       MAX_AREA_BYTES, (void *)text);
		if (read > 0)
			event_advance(event, read);
	}
	bytes = at_most(event->size - before, room);
	event->size = scratch_forget(event->scratch, before + bytes);
	if (bytes)
		event->scratch->bytes[POSITION(event->size - 1)] = 0;
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
	struct mm_struct *mm = FIELD(task, mm);
	struct cred *cred = FIELD(task, cred);
	struct pointers arguments, environment;

	/* Whoever calls has memory and credentials; the verifier does not know. */
	if (!call->ret || !mm || !cred)
		return false;
	if (!event_begin(event, type, params, FIELD(task, pid)))
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
