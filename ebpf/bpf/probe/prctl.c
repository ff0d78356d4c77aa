/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a process tells the kernel about itself: its name, whether it takes orphans.
 */
#include <linux/prctl.h>

SYSCALL(prctl)
{
	u32 option = call->args[0];
	s64 number = call->args[1];
	struct event event;

	if (!CALL_BEGIN_OF(PRCTL_X, option))
		return;
	event_s64(&event, call->ret);
	event_u32(&event, option);
	if (option == PR_SET_NAME || option == PR_GET_NAME) {
		event_user_text(&event, number, MAX_PATH_BYTES);
		number = 0;
	} else {
		event_empty(&event);
	}
	if (option == PR_GET_CHILD_SUBREAPER) {
		s32 answer = 0;

		bpf_probe_read_user(&answer, sizeof(answer), (void *)number);
		number = answer;
	}
	event_s64(&event, number);
	event_send(&event);
}
