/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Options of sockets as scap values: include/uapi/asm-generic/socket.h.
 */
#ifndef INNERWARDEN_SOCKOPT_H
#define INNERWARDEN_SOCKOPT_H

#include "buffer.h"

#define SOL_SOCKET 1
#define SOL_TCP 6

#define SO_ERROR 4
#define SO_LINGER 13
#define SO_PEERCRED 17
#define SO_RCVTIMEO_OLD 20
#define SO_SNDTIMEO_OLD 21
#define SO_ATTACH_FILTER 26
#define SO_PEERNAME 28
#define SO_INCOMING_CPU 49
#define SO_ATTACH_BPF 50
#define SO_MEMINFO 55
#define SO_COOKIE 57
#define SO_PEERGROUPS 59
#define SO_RCVTIMEO_NEW 66
#define SO_SNDTIMEO_NEW 67

/* scap's kinds of values; the parameter begins with the kind. */
enum option_kind { OPTION_BYTES, OPTION_ERROR, OPTION_U32, OPTION_U64, OPTION_TIME };

static __always_inline u8 scap_option_level(s32 level)
{
	return level == SOL_SOCKET ? 1 : level == SOL_TCP ? 2 : 0;
}

/* scap's numbers are the kernel's as long as there are no gaps. */
static __always_inline u8 scap_option_name(s32 level, s32 name)
{
	if (level != SOL_SOCKET)
		return 0;
	if (name == SO_PEERGROUPS)
		return 51;
	if (name == SO_MEMINFO)
		return 52;
	if (name == SO_COOKIE)
		return 53;
	if (name == SO_RCVTIMEO_NEW)
		return SO_RCVTIMEO_OLD;
	if (name == SO_SNDTIMEO_NEW)
		return SO_SNDTIMEO_OLD;
	return name > 0 && name <= SO_ATTACH_BPF ? name : 0;
}

static __always_inline enum option_kind option_kind(s32 level, s32 name)
{
	if (level != SOL_SOCKET || name == SO_LINGER || name == SO_PEERCRED ||
	    name == SO_ATTACH_FILTER || name == SO_PEERNAME)
		return OPTION_BYTES;
	if (name == SO_ERROR)
		return OPTION_ERROR;
	if (name == SO_COOKIE)
		return OPTION_U64;
	if (name == SO_RCVTIMEO_OLD || name == SO_SNDTIMEO_OLD || name == SO_RCVTIMEO_NEW ||
	    name == SO_SNDTIMEO_NEW)
		return OPTION_TIME;
	return name > 0 && name <= SO_INCOMING_CPU ? OPTION_U32 : OPTION_BYTES;
}

/* struct timeval in ns; a 32-bit program's old options have it with 32-bit members. */
static __always_inline u64 user_timeval(u64 address, s32 name, bool compat)
{
	s64 wide[2] = {};
	s32 narrow[2] = {};

	if (compat && name < SO_RCVTIMEO_NEW) {
		bpf_probe_read_user(narrow, sizeof(narrow), (void *)address);
		return narrow[0] * 1000000000LL + narrow[1] * 1000LL;
	}
	bpf_probe_read_user(wide, sizeof(wide), (void *)address);
	return wide[0] * 1000000000LL + wide[1] * 1000LL;
}

/* The value of an option; a number that cannot be read is 0. */
static __always_inline void event_option(struct event *event, s32 level, s32 name, u64 address,
					 u16 length, bool compat)
{
	enum option_kind kind = option_kind(level, name);
	u64 start = event->size;
	u64 number = 0;
	s32 small = 0;

	put_u8(event, kind);
	switch (kind) {
	case OPTION_BYTES:
		put_user_bytes(event, address, length);
		break;
	case OPTION_ERROR:
		bpf_probe_read_user(&small, sizeof(small), (void *)address);
		put_s64(event, -(s64)small);
		break;
	case OPTION_U32:
		bpf_probe_read_user(&small, sizeof(small), (void *)address);
		put_u32(event, small);
		break;
	case OPTION_U64:
		bpf_probe_read_user(&number, sizeof(number), (void *)address);
		put_u64(event, number);
		break;
	case OPTION_TIME:
		put_u64(event, user_timeval(address, name, compat));
		break;
	}
	event_end_param(event, event->size - start);
}

#endif /* INNERWARDEN_SOCKOPT_H */
