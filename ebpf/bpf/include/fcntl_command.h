/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Commands of fcntl(2) as scap numbers them: libs 0.25.4 PPM_FCNTL_*. 0: one that it does not know.
 */
#ifndef INNERWARDEN_FCNTL_COMMAND_H
#define INNERWARDEN_FCNTL_COMMAND_H

/* From the kernel's F_DUPFD (0) to F_GETOWN_EX (16): include/uapi/asm-generic/fcntl.h. */
static const u8 first_commands[32] = {
	1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 13, 15, 17, 18, 19, 21, 22,
};

static __always_inline u8 scap_fcntl_command(u32 command)
{
	if (command < sizeof(first_commands))
		return first_commands[command & (sizeof(first_commands) - 1)];
	switch (command) {
	case 36: /* F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW */
	case 37:
	case 38:
		return command - 36 + 30;
	case 1024: /* F_SETLEASE, F_GETLEASE */
	case 1025:
		return command - 1024 + 23;
	case 1026: /* F_NOTIFY */
		return 27;
	case 1029: /* F_CANCELLK, F_DUPFD_CLOEXEC */
	case 1030:
		return command - 1029 + 25;
	case 1031: /* F_SETPIPE_SZ, F_GETPIPE_SZ */
	case 1032:
		return command - 1031 + 28;
	default:
		return 0;
	}
}

#endif /* INNERWARDEN_FCNTL_COMMAND_H */
