/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * 32-bit programs come to some calls by several functions. In the fexit object each needs a
 * program of its own.
 */
#if defined(ATTACH_FEXIT) && defined(__TARGET_ARCH_x86)

/*
 * All calls of sockets may be made by one, socketcall, which does not pass by the functions of
 * those. The program on its function goes on to one of these.
 *
 * They are copies: a program may only go on to one that was loaded for a function of the same
 * prototype (6.12, 28ead3eaabc1, and stable kernels since), so all are loaded for that of
 * socketcall. The functions of the calls will not do: 6.1 describes them twice, also as the stubs
 * of calls that are not configured, whose prototype is another one.
 */
SEC("fexit") int dispatch_socketcall(u64 *ctx)
{
	struct saved_regs regs;

	if (!bpf_probe_read_kernel(&regs, sizeof(regs),
				   (void *)call_regs(ctx) + SAVED_REGS_OFFSET))
		bpf_tail_call(ctx, &socket_calls, (u32)regs.bx);
	return 0;
}

#define SOCKETCALL(name) CALL_PROGRAM("fexit", socketcall_##name, on_##name)
SOCKETCALL(socket)
SOCKETCALL(bind)
SOCKETCALL(connect)
SOCKETCALL(listen)
SOCKETCALL(accept)
SOCKETCALL(getsockname)
SOCKETCALL(getpeername)
SOCKETCALL(socketpair)
SOCKETCALL(send)
SOCKETCALL(recv)
SOCKETCALL(sendto)
SOCKETCALL(recvfrom)
SOCKETCALL(shutdown)
SOCKETCALL(setsockopt)
SOCKETCALL(getsockopt)
SOCKETCALL(sendmsg)
SOCKETCALL(recvmsg)
SOCKETCALL(accept4)
SOCKETCALL(recvmmsg)
SOCKETCALL(sendmmsg)

/* The calls of old, whose ids have 16 bits. */
#define OLD_CALL(name) CALL_PROGRAM("fexit", old_##name, on_##name)
OLD_CALL(setuid)
OLD_CALL(setgid)
OLD_CALL(setreuid)
OLD_CALL(setregid)
OLD_CALL(setresuid)
OLD_CALL(setresgid)
OLD_CALL(getuid)
OLD_CALL(geteuid)
OLD_CALL(getgid)
OLD_CALL(getegid)
OLD_CALL(getresuid)
OLD_CALL(getresgid)
OLD_CALL(getrlimit)

#endif
