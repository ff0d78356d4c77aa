/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel's socket behind a file descriptor, and socket(2)'s arguments as scap values.
 */
#ifndef INNERWARDEN_SOCKET_H
#define INNERWARDEN_SOCKET_H

#include "fd.h"

#define S_IFMT 0170000
#define S_IFSOCK 0140000

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define AF_NFC 39 /* the last one that scap has a value for */

/* SOCK_NONBLOCK and SOCK_CLOEXEC are O_NONBLOCK and O_CLOEXEC, the same on all 64-bit machines we know. */
#define SOCK_NONBLOCK 04000
#define SOCK_CLOEXEC 02000000
#define SCAP_O_NONBLOCK (1 << 6)
#define SCAP_O_CLOEXEC (1 << 12)

/*
 * NULL if the fd is no socket. Only a file that sockfs opened has private data: an O_PATH
 * descriptor of a socket in a file system has the mode of one, but nothing behind it.
 */
static __always_inline struct sock *sock_of_fd(s32 fd)
{
	struct file *file = file_of_fd(fd);
	struct socket *socket;

	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, sk);
}

static __always_inline u16 sock_family(struct sock *sock)
{
	return BPF_CORE_READ(sock, __sk_common.skc_family);
}

/* scap numbers families as Linux does, but has no 27, 28, and none after AF_NFC. */
static __always_inline u8 scap_family(u8 family)
{
	if (family > AF_NFC || family == 27 || family == 28)
		return AF_UNSPEC;
	return family;
}

/* Of SOCK_NONBLOCK and SOCK_CLOEXEC. */
static __always_inline u32 scap_socket_flags(u32 flags)
{
	return (flags & SOCK_NONBLOCK ? SCAP_O_NONBLOCK : 0) |
	       (flags & SOCK_CLOEXEC ? SCAP_O_CLOEXEC : 0);
}

#endif /* INNERWARDEN_SOCKET_H */
