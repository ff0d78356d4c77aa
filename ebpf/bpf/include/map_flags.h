/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Flags of mmap(2) and mprotect(2) as scap has them: libs 0.25.4 PPM_PROT_*, PPM_MAP_*.
 */
#ifndef INNERWARDEN_MAP_FLAGS_H
#define INNERWARDEN_MAP_FLAGS_H

/* READ, WRITE, EXEC and SEM have the same values. */
static __always_inline u32 scap_prot(u32 prot)
{
	return (prot & 15) | MOVED(prot, 0x01000000 /* PROT_GROWSDOWN */, 1 << 4) |
	       MOVED(prot, 0x02000000 /* PROT_GROWSUP */, 1 << 5) |
	       MOVED(prot, 0x10 /* PROT_SAO */, 1 << 6);
}

/* SHARED and PRIVATE have the same values. */
static __always_inline u32 scap_map_flags(u32 flags)
{
	return (flags & 3) | MOVED(flags, 0x10 /* MAP_FIXED */, 1 << 2) |
	       MOVED(flags, 0x20 /* MAP_ANONYMOUS */, 1 << 3) |
	       MOVED(flags, 0x40 /* MAP_32BIT */, 1 << 4) |
	       MOVED(flags, 0x4000 /* MAP_NORESERVE */, 1 << 6) |
	       MOVED(flags, 0x8000 /* MAP_POPULATE */, 1 << 7) |
	       MOVED(flags, 0x10000 /* MAP_NONBLOCK */, 1 << 8) |
	       MOVED(flags, 0x100 /* MAP_GROWSDOWN */, 1 << 9) |
	       MOVED(flags, 0x800 /* MAP_DENYWRITE */, 1 << 10) |
	       MOVED(flags, 0x1000 /* MAP_EXECUTABLE */, 1 << 11) |
	       MOVED(flags, 0x80 /* MAP_INHERIT */, 1 << 12) |
	       MOVED(flags, 0x2000 /* MAP_LOCKED */, 1 << 14);
}

#endif /* INNERWARDEN_MAP_FLAGS_H */
