/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Addresses and tuples of addresses as parameters: scap's `sockaddr` and `socktuple`.
 */
#ifndef INNERWARDEN_ADDRESS_H
#define INNERWARDEN_ADDRESS_H

#include <bpf/bpf_endian.h>
#include "socket.h"

#define UNIX_PATH_BYTES 108
#define ADDRESS_BYTES 128 /* struct sockaddr_storage: the kernel takes no more */
#define FAMILY_BYTES 2
#define IPV4_BYTES 16
#define IPV6_BYTES 28
#define UNIX_BYTES (FAMILY_BYTES + UNIX_PATH_BYTES)

/* struct sockaddr_in, sockaddr_in6 and sockaddr_un, as user space writes them. */
struct address {
	u16 family;
	union {
		struct {
			u16 port; /* big endian, as in v6 */
			u32 ip;
		} __attribute__((packed)) v4;
		struct {
			u16 port;
			u32 flow;
			u32 ip[4];
		} __attribute__((packed)) v6;
		char path[ADDRESS_BYTES - FAMILY_BYTES]; /* longer than paths are: zeros end it */
	};
} __attribute__((packed));

/* In which order a tuple has its ends. */
enum direction {
	OUTBOUND, /* local, then remote */
	INBOUND,
};

/* A NUL-terminated path, or the name of an abstract address without the NUL before it. */
static __always_inline void put_unix_path(struct event *event, char *path)
{
	long bytes;

	if (!*path)
		path++;
	bytes = bpf_probe_read_kernel_str(&event->bytes[POSITION(event->size)],
					  UNIX_PATH_BYTES + 1, path);
	if (bytes > 0)
		event->size += (u64)bytes & 127;
	else
		put_u8(event, 0);
}

static __always_inline void put_ipv4(struct event *event, u32 ip, u16 port)
{
	put_u32(event, ip);
	put_u16(event, bpf_ntohs(port));
}

static __always_inline void put_ipv6(struct event *event, u32 *ip, u16 port)
{
	put_u32(event, ip[0]);
	put_u32(event, ip[1]);
	put_u32(event, ip[2]);
	put_u32(event, ip[3]);
	put_u16(event, bpf_ntohs(port));
}

/* Reads at most `length` bytes of an address; what it lacks is 0. False if none can be read. */
static __always_inline bool address_read(struct address *address, u64 user, u32 length)
{
	__builtin_memset(address, 0, sizeof(*address));
	if (length > ADDRESS_BYTES)
		length = ADDRESS_BYTES;
	return length && !bpf_probe_read_user(address, length, (void *)user);
}

/* An address that the caller passed: type `sockaddr`. Empty for families but IP and Unix. */
static __always_inline void event_address(struct event *event, u64 user, u64 length)
{
	struct address *address = (struct address *)event_workspace(event);
	u64 start = event->size;

	if (!address_read(address, user, (u16)length))
		goto end;
	switch (address->family) {
	case AF_INET:
		put_u8(event, AF_INET);
		put_ipv4(event, address->v4.ip, address->v4.port);
		break;
	case AF_INET6:
		put_u8(event, AF_INET6);
		put_ipv6(event, address->v6.ip, address->v6.port);
		break;
	case AF_UNIX:
		put_u8(event, AF_UNIX);
		put_unix_path(event, address->path);
		break;
	}
end:
	event_end_param(event, event->size - start);
}

/* The address that a message names, where the socket has no peer; zeros if it cannot be read. */
static __always_inline struct address *peer_read(struct event *event, u64 user, u32 length, u32 max)
{
	struct address *peer = (struct address *)event_workspace(event);

	if (length > max)
		length = max;
	address_read(peer, user, length);
	return peer;
}

static __always_inline void put_ipv4_tuple(struct event *event, struct sock *sock,
					   enum direction direction, u64 user, u32 length)
{
	struct inet_sock *inet = (struct inet_sock *)sock;
	u32 local_ip = BPF_CORE_READ(inet, inet_saddr);
	u16 local_port = BPF_CORE_READ(inet, inet_sport);
	u32 remote_ip = BPF_CORE_READ(sock, __sk_common.skc_daddr);
	u16 remote_port = BPF_CORE_READ(sock, __sk_common.skc_dport);

	if (!remote_port && user) {
		struct address *peer = peer_read(event, user, length, IPV4_BYTES);

		remote_ip = peer->v4.ip;
		remote_port = peer->v4.port;
	}
	put_u8(event, AF_INET);
	if (direction == INBOUND)
		put_ipv4(event, remote_ip, remote_port);
	put_ipv4(event, local_ip, local_port);
	if (direction == OUTBOUND)
		put_ipv4(event, remote_ip, remote_port);
}

static __always_inline void put_ipv6_tuple(struct event *event, struct sock *sock,
					   enum direction direction, u64 user, u32 length)
{
	struct inet_sock *inet = (struct inet_sock *)sock;
	u16 local_port = BPF_CORE_READ(inet, inet_sport);
	u16 remote_port = BPF_CORE_READ(sock, __sk_common.skc_dport);
	struct in6_addr local = BPF_CORE_READ(inet, pinet6, saddr);
	struct in6_addr remote = BPF_CORE_READ(sock, __sk_common.skc_v6_daddr);

	if (!remote_port && user) {
		struct address *peer = peer_read(event, user, length, IPV6_BYTES);

		remote_port = peer->v6.port;
		__builtin_memcpy(&remote, peer->v6.ip, sizeof(remote));
		if (peer->family == AF_INET) {
			__builtin_memset(&remote, 0, sizeof(remote));
			remote.in6_u.u6_addr32[2] = bpf_htonl(0xffff);
			remote.in6_u.u6_addr32[3] = peer->v4.ip;
		}
	}
	put_u8(event, AF_INET6);
	if (direction == INBOUND)
		put_ipv6(event, remote.in6_u.u6_addr32, remote_port);
	put_ipv6(event, local.in6_u.u6_addr32, local_port);
	if (direction == OUTBOUND)
		put_ipv6(event, remote.in6_u.u6_addr32, remote_port);
}

/* The name that a Unix socket is bound to. An abstract one has no NUL at its end. */
static __always_inline struct address *unix_name(struct event *event, struct sock *sock)
{
	struct address *address = (struct address *)event_workspace(event);
	struct unix_address *name = BPF_CORE_READ((struct unix_sock *)sock, addr);
	u32 length = BPF_CORE_READ(name, len);

	__builtin_memset(address, 0, sizeof(*address));
	if (length <= UNIX_BYTES)
		bpf_probe_read_kernel(address, length, &name->name);
	return address;
}

/*
 * Whom a Unix socket talks to: the two sockets as numbers, the receiving one first, then the
 * name of that one.
 */
static __always_inline void put_unix_tuple(struct event *event, struct sock *sock,
					   enum direction direction, u64 user, u32 length)
{
	struct sock *peer = BPF_CORE_READ((struct unix_sock *)sock, peer);
	struct sock *receiver = direction == OUTBOUND ? peer : sock;
	struct address *address;

	put_u8(event, AF_UNIX);
	put_u64(event, (u64)receiver);
	put_u64(event, (u64)(direction == OUTBOUND ? sock : peer));
	if (!receiver && user)
		address = peer_read(event, user, length, UNIX_BYTES);
	else
		address = unix_name(event, receiver);
	put_unix_path(event, address->path);
}

/*
 * The two ends of a socket: type `socktuple`. `user` is the address that the caller named, or
 * 0, and stands in where the socket has no peer. Empty for families but IP and Unix.
 */
static __always_inline void event_tuple(struct event *event, s32 fd, enum direction direction,
					u64 user, u32 length)
{
	struct sock *sock = sock_of_fd(fd);
	u64 start = event->size;

	switch (sock ? sock_family(sock) : AF_UNSPEC) {
	case AF_INET:
		put_ipv4_tuple(event, sock, direction, user, length);
		break;
	case AF_INET6:
		put_ipv6_tuple(event, sock, direction, user, length);
		break;
	case AF_UNIX:
		put_unix_tuple(event, sock, direction, user, length);
		break;
	}
	event_end_param(event, event->size - start);
}

#endif /* INNERWARDEN_ADDRESS_H */
