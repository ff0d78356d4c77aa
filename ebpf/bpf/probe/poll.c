/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Waiting for file descriptors.
 */
#define NS_PER_SECOND 1000000000ULL

SYSCALL(poll)
{
	struct event event;

	if (!CALL_BEGIN(POLL_X))
		return;
	event_s64(&event, call->ret);
	event_polled(&event, call->args[0], call->args[1]);
	event_s64(&event, (u32)call->args[2]); /* as Falco has it: -1 is 4294967295 */
	event_send(&event);
}

SYSCALL(ppoll)
{
	u64 wide[2] = {}, ns;
	u32 narrow[2] = {}, mask = 0;
	struct event event;

	if (!CALL_BEGIN(PPOLL_X))
		return;
	if (call->compat) {
		bpf_probe_read_user(narrow, sizeof(narrow), (void *)call->args[2]);
		ns = narrow[0] * NS_PER_SECOND + narrow[1];
	} else {
		bpf_probe_read_user(wide, sizeof(wide), (void *)call->args[2]);
		ns = wide[0] * NS_PER_SECOND + wide[1];
	}
	bpf_probe_read_user(&mask, sizeof(mask), (void *)call->args[3]);
	event_s64(&event, call->ret);
	event_polled(&event, call->args[0], call->args[1]);
	event_u64(&event, ns);
	event_u32(&event, mask);
	event_send(&event);
}

SYSCALL(select)
{
	struct event event;

	if (!CALL_BEGIN(SELECT_X))
		return;
	event_s64(&event, call->ret);
	event_send(&event);
}

SYSCALL(epoll_wait)
{
	struct event event;

	if (!CALL_BEGIN(EPOLLWAIT_X))
		return;
	event_s64(&event, call->ret);
	event_s64(&event, (s32)call->args[2]);
	event_send(&event);
}
