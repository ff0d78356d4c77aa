/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Code that is put into the kernel: modules, BPF programs, filters of system calls.
 */

/*
 * Most bytes of a module's image. libs take the length modulo 65536 and lose the event if
 * nothing else fits; here the event is kept and the image cut.
 */
#define MAX_IMAGE_BYTES 0xef00

enum { SCAP_MODULE_TRUNC = 1 << 0, SCAP_MODULE_NONBLOCK = 1 << 1 };

#define O_TRUNC 01000     /* include/uapi/asm-generic/fcntl.h, for both architectures */
#define O_NONBLOCK 04000
#define MODULE_INIT_FLAGS 7 /* scap has the same numbers */

SYSCALL(init_module)
{
	u64 bytes = at_most(call->args[1], MAX_IMAGE_BYTES);
	struct event event;

	if (!CALL_BEGIN(INIT_MODULE_X))
		return;
	event_s64(&event, call->ret);
	barrier_var(bytes);
	bytes &= 0xffff;
	if (!bytes || bpf_probe_read_user(&event.bytes[POSITION(event.size)], bytes,
					  (void *)call->args[0]))
		bytes = 0;
	event_advance(&event, bytes);
	event_end_param(&event, bytes);
	event_u64(&event, call->args[1]);
	event_user_text(&event, call->args[2], MAX_AREA_BYTES);
	event_send(&event);
}

SYSCALL(finit_module)
{
	struct event event;

	if (!CALL_BEGIN(FINIT_MODULE_X))
		return;
	event_s64(&event, call->ret);
	event_fd(&event, call->args[0]);
	event_user_text(&event, call->args[1], MAX_AREA_BYTES);
	event_u32(&event, call->args[2] & MODULE_INIT_FLAGS);
	event_send(&event);
}

SYSCALL(delete_module)
{
	u32 flags = call->args[1];
	struct event event;

	if (!CALL_BEGIN(DELETE_MODULE_X))
		return;
	event_s64(&event, call->ret);
	event_user_text(&event, call->args[0], MAX_PATH_BYTES);
	event_u32(&event, (flags & O_NONBLOCK ? SCAP_MODULE_NONBLOCK : 0) |
				  (flags & O_TRUNC ? SCAP_MODULE_TRUNC : 0));
	event_send(&event);
}

SYSCALL(bpf)
{
	struct event event;

	if (!CALL_BEGIN(BPF_V2_X))
		return;
	event_s64(&event, call->ret);
	event_s32(&event, call->args[0]);
	event_send(&event);
}

SYSCALL(seccomp)
{
	struct event event;

	if (!CALL_BEGIN(SECCOMP_X))
		return;
	event_s64(&event, call->ret);
	event_u64(&event, call->args[0]);
	event_u64(&event, (u32)call->args[1]);
	event_send(&event);
}
