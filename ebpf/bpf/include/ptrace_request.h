/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The requests of ptrace() as scap numbers them. The kernel's numbers are those of x86
 * (include/uapi/linux/ptrace.h, arch/x86/include/uapi/asm/ptrace-abi.h); like libs, those that
 * arm64 does not have are converted there too.
 */
#ifndef INNERWARDEN_PTRACE_REQUEST_H
#define INNERWARDEN_PTRACE_REQUEST_H

#define FOR_EACH_PTRACE_REQUEST(request) \
	request(TRACEME, 0, 1) \
	request(PEEKTEXT, 1, 2) \
	request(PEEKDATA, 2, 3) \
	request(PEEKUSR, 3, 4) \
	request(POKETEXT, 4, 5) \
	request(POKEDATA, 5, 6) \
	request(POKEUSR, 6, 7) \
	request(CONT, 7, 8) \
	request(KILL, 8, 9) \
	request(SINGLESTEP, 9, 10) \
	request(GETREGS, 12, 26) \
	request(SETREGS, 13, 27) \
	request(GETFPREGS, 14, 28) \
	request(SETFPREGS, 15, 29) \
	request(ATTACH, 16, 11) \
	request(DETACH, 17, 12) \
	request(GETFPXREGS, 18, 30) \
	request(SETFPXREGS, 19, 31) \
	request(OLDSETOPTIONS, 21, 32) \
	request(SYSCALL, 24, 13) \
	request(GET_THREAD_AREA, 25, 33) \
	request(SET_THREAD_AREA, 26, 34) \
	request(ARCH_PRCTL, 30, 35) \
	request(SYSEMU, 31, 36) \
	request(SYSEMU_SINGLESTEP, 32, 37) \
	request(SINGLEBLOCK, 33, 38) \
	request(SETOPTIONS, 0x4200, 14) \
	request(GETEVENTMSG, 0x4201, 15) \
	request(GETSIGINFO, 0x4202, 16) \
	request(SETSIGINFO, 0x4203, 17) \
	request(GETREGSET, 0x4204, 18) \
	request(SETREGSET, 0x4205, 19) \
	request(SEIZE, 0x4206, 20) \
	request(INTERRUPT, 0x4207, 21) \
	request(LISTEN, 0x4208, 22) \
	request(PEEKSIGINFO, 0x4209, 23) \
	request(GETSIGMASK, 0x420a, 24) \
	request(SETSIGMASK, 0x420b, 25)

#define AS_CONSTANT(name, kernel, scap) SCAP_PTRACE_##name = scap,
enum { FOR_EACH_PTRACE_REQUEST(AS_CONSTANT) };

#define AS_CASE(name, kernel, scap) \
	case kernel:                \
		return scap;

/* 0 for one that scap does not know. */
static __always_inline u16 ptrace_request_to_scap(u64 request)
{
	switch (request) {
		FOR_EACH_PTRACE_REQUEST(AS_CASE)
	}
	return 0;
}

#endif /* INNERWARDEN_PTRACE_REQUEST_H */
