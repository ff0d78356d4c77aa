/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Signals that reach a thread, whoever sent them. There for rules that name the event.
 */
#define SIGHUP 1 /* include/uapi/asm-generic/signal.h */
#define SIGINT 2
#define SIGQUIT 3
#define SIGKILL 9
#define SIGTERM 15
#define SIGCHLD 17
#define SIGTSTP 20
#define SIGRTMIN 32
#define SIGRTMAX 64

/* Who sent it, by the sender's number in its own namespace; 0 if Falco does not ask. */
static __always_inline s32 sender(s32 signal, struct kernel_siginfo *info)
{
	switch (signal) {
	case SIGHUP:
	case SIGINT:
	case SIGQUIT:
	case SIGTERM:
	case SIGTSTP:
		/* Above 0 the kernel sent it, and the field is something else. */
		if (BPF_CORE_READ(info, si_code) > 0)
			return 0;
		break;
	case SIGKILL:
	case SIGCHLD:
	case SIGRTMIN ... SIGRTMAX:
		break;
	default:
		return 0;
	}
	/* At the same place for signals of processes, of children and of queues. */
	return BPF_CORE_READ(info, _sifields._kill._pid);
}

SEC("tp_btf/signal_deliver")
int signal_delivered(u64 *ctx)
{
	s32 signal = ctx[0];
	struct kernel_siginfo *info = (struct kernel_siginfo *)ctx[1];
	struct event event;

	if (is_self() || !EVENT_BEGIN(&event, SIGNALDELIVER_E))
		return 0;
	event_s64(&event, info ? sender(signal, info) : 0);
	event_s64(&event, (u32)bpf_get_current_pid_tgid());
	event_u8(&event, signal);
	event_send(&event);
	return 0;
}
