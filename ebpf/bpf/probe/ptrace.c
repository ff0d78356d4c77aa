/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tracing other processes.
 */
#include "ptrace_request.h"

enum { SCAP_PTRACE_NUMBER, SCAP_PTRACE_SIGNAL }; /* what the value of a parameter is */

static __always_inline void event_ptrace_number(struct event *event, u64 value)
{
	put_u8(event, SCAP_PTRACE_NUMBER);
	put_u64(event, value);
	event_end_param(event, 1 + sizeof(value));
}

static __always_inline void event_ptrace_data(struct event *event, struct call *call, u16 request)
{
	u64 data = call->ret < 0 ? 0 : call->args[3];

	switch (request) {
	case SCAP_PTRACE_PEEKTEXT:
	case SCAP_PTRACE_PEEKDATA:
	case SCAP_PTRACE_PEEKUSR:
		if (call->ret >= 0) {
			u64 word = 0;

			/* A 32-bit call gets a word of four bytes. */
			if (call->compat)
				bpf_probe_read_user(&word, sizeof(u32), (void *)data);
			else
				bpf_probe_read_user(&word, sizeof(word), (void *)data);
			data = word;
		}
		break;
	case SCAP_PTRACE_CONT:
	case SCAP_PTRACE_SINGLESTEP:
	case SCAP_PTRACE_DETACH:
	case SCAP_PTRACE_SYSCALL:
		if (call->ret < 0)
			break;
		put_u8(event, SCAP_PTRACE_SIGNAL);
		put_u8(event, data);
		event->size = scratch_forget(event->scratch, event->size);
		event_end_param(event, 2);
		return;
	}
	event_ptrace_number(event, data);
}

SYSCALL(ptrace)
{
	u16 request = ptrace_request_to_scap(call->args[0]);
	struct event event;

	if (!CALL_BEGIN(PTRACE_X))
		return;
	event_s64(&event, call->ret);
	event_ptrace_number(&event, call->ret < 0 ? 0 : call->args[2]);
	event_ptrace_data(&event, call, request);
	event_u16(&event, request);
	event_s64(&event, (s32)call->args[1]);
	event_send(&event);
}
