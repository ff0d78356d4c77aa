/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Flags and modes of open(2) and its relatives as scap has them: libs 0.25.4 PPM_O_*, PPM_S_*,
 * PPM_RESOLVE_*.
 *
 * The kernel's values are written down here: <asm/fcntl.h> is that of the machine that
 * compiles, which need not be the one that will run this.
 */
#ifndef INNERWARDEN_OPEN_FLAGS_H
#define INNERWARDEN_OPEN_FLAGS_H

/* `to` if any bit of `from` is set in `value`. */
#define MOVED(value, from, to) ((value) & (from) ? (to) : 0)

#define KERNEL_O_WRONLY 00000001
#define KERNEL_O_RDWR 00000002
#define KERNEL_O_CREAT 00000100
#define KERNEL_O_EXCL 00000200
#define KERNEL_O_TRUNC 00001000
#define KERNEL_O_APPEND 00002000
#define KERNEL_O_NONBLOCK 00004000
#define KERNEL_O_DSYNC 00010000
#define KERNEL_O_CLOEXEC 02000000
#define KERNEL_O_SYNC (04000000 | KERNEL_O_DSYNC)
#define KERNEL_O_TMPFILE (020000000 | KERNEL_O_DIRECTORY)
#if defined(__TARGET_ARCH_x86)
#define KERNEL_O_DIRECT 00040000
#define KERNEL_O_LARGEFILE 00100000
#define KERNEL_O_DIRECTORY 00200000
#elif defined(__TARGET_ARCH_arm64)
#define KERNEL_O_DIRECTORY 00040000
#define KERNEL_O_DIRECT 00200000
#define KERNEL_O_LARGEFILE 00400000
#endif

#define SCAP_O_RDONLY (1 << 0)
#define SCAP_O_WRONLY (1 << 1)
#define SCAP_O_RDWR (SCAP_O_RDONLY | SCAP_O_WRONLY)
#define SCAP_O_CREAT (1 << 2)
#define SCAP_O_APPEND (1 << 3)
#define SCAP_O_DSYNC (1 << 4)
#define SCAP_O_EXCL (1 << 5)
#define SCAP_O_NONBLOCK (1 << 6)
#define SCAP_O_SYNC (1 << 7)
#define SCAP_O_TRUNC (1 << 8)
#define SCAP_O_DIRECT (1 << 9)
#define SCAP_O_DIRECTORY (1 << 10)
#define SCAP_O_LARGEFILE (1 << 11)
#define SCAP_O_CLOEXEC (1 << 12)
#define SCAP_O_TMPFILE (1 << 13)
#define SCAP_O_F_CREATED (1 << 14)
#define SCAP_FD_UPPER_LAYER (1 << 15)
#define SCAP_FD_LOWER_LAYER (1 << 16)

/*
 * As Falco has it, one bit of several is enough: O_DIRECTORY alone counts as O_TMPFILE, O_DSYNC
 * alone as O_SYNC. Rules see it so.
 */
static __always_inline u32 scap_open_flags(u32 flags)
{
	u32 scap = flags & 3;

	scap = scap == KERNEL_O_WRONLY ? SCAP_O_WRONLY
	     : scap == KERNEL_O_RDWR   ? SCAP_O_RDWR
				       : SCAP_O_RDONLY;
	scap |= MOVED(flags, KERNEL_O_CREAT, SCAP_O_CREAT);
	scap |= MOVED(flags, KERNEL_O_TMPFILE, SCAP_O_TMPFILE);
	scap |= MOVED(flags, KERNEL_O_APPEND, SCAP_O_APPEND);
	scap |= MOVED(flags, KERNEL_O_DSYNC, SCAP_O_DSYNC);
	scap |= MOVED(flags, KERNEL_O_EXCL, SCAP_O_EXCL);
	scap |= MOVED(flags, KERNEL_O_NONBLOCK, SCAP_O_NONBLOCK);
	scap |= MOVED(flags, KERNEL_O_SYNC, SCAP_O_SYNC);
	scap |= MOVED(flags, KERNEL_O_TRUNC, SCAP_O_TRUNC);
	scap |= MOVED(flags, KERNEL_O_DIRECT, SCAP_O_DIRECT);
	scap |= MOVED(flags, KERNEL_O_DIRECTORY, SCAP_O_DIRECTORY);
	scap |= MOVED(flags, KERNEL_O_LARGEFILE, SCAP_O_LARGEFILE);
	scap |= MOVED(flags, KERNEL_O_CLOEXEC, SCAP_O_CLOEXEC);
	return scap;
}

/* The bits of a mode have the same values in scap. */
#define SCAP_MODE_BITS 07777

/* A mode means something only if a file may be created. */
static __always_inline u32 scap_open_mode(u32 flags, u32 mode)
{
	return flags & (KERNEL_O_CREAT | KERNEL_O_TMPFILE) ? mode & SCAP_MODE_BITS : 0;
}

/* Flags of the calls whose names end in "at": the same values in scap. */
#define AT_REMOVEDIR 0x200
#define AT_SYMLINK_FOLLOW 0x400
#define AT_EMPTY_PATH 0x1000

/* `struct open_how` of openat2(2), which may only grow at its end. */
struct how {
	u64 flags;
	u64 mode;
	u64 resolve;
};

static __always_inline u32 scap_resolve(u64 resolve)
{
	return MOVED(resolve, 0x08 /* RESOLVE_BENEATH */, 1 << 0) |
	       MOVED(resolve, 0x10 /* RESOLVE_IN_ROOT */, 1 << 1) |
	       MOVED(resolve, 0x02 /* RESOLVE_NO_MAGICLINKS */, 1 << 2) |
	       MOVED(resolve, 0x04 /* RESOLVE_NO_SYMLINKS */, 1 << 3) |
	       MOVED(resolve, 0x01 /* RESOLVE_NO_XDEV */, 1 << 4) |
	       MOVED(resolve, 0x20 /* RESOLVE_CACHED */, 1 << 5);
}

#endif /* INNERWARDEN_OPEN_FLAGS_H */
