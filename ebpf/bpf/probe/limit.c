/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Limits of resources: the state engine keeps that of open files.
 */
#define RESOURCES 16 /* include/uapi/asm-generic/resource.h; scap has the same numbers */
#define UNKNOWN_RESOURCE 255

struct limit {
	s64 soft;
	s64 hard;
};

static __always_inline void event_limit(struct event *event, struct limit limit)
{
	event_s64(event, limit.soft);
	event_s64(event, limit.hard);
}

static __always_inline u8 scap_resource(u32 resource)
{
	return resource < RESOURCES ? resource : UNKNOWN_RESOURCE;
}

/* Zeros if there is nothing to read. A 32-bit "no limit" becomes one of 64 bits. */
static __always_inline struct limit user_limit(struct call *call, u64 address)
{
	struct limit limit = {};
	s32 narrow[2] = {};

	if (!call->compat) {
		bpf_probe_read_user(&limit, sizeof(limit), (void *)address);
		return limit;
	}
	bpf_probe_read_user(narrow, sizeof(narrow), (void *)address);
	limit.soft = narrow[0] == -1 ? -1 : (u32)narrow[0];
	limit.hard = narrow[1] == -1 ? -1 : (u32)narrow[1];
	return limit;
}

/* prlimit64() has 64 bits in 32-bit programs too. */
static __always_inline struct limit user_limit64(u64 address)
{
	struct limit limit = {};

	bpf_probe_read_user(&limit, sizeof(limit), (void *)address);
	return limit;
}

SYSCALL(setrlimit)
{
	u8 resource = scap_resource(call->args[0]);
	struct event event;

	if (!CALL_BEGIN_OF(SETRLIMIT_X, resource))
		return;
	event_s64(&event, call->ret);
	event_limit(&event, user_limit(call, call->args[1]));
	event_u8(&event, resource);
	event_send(&event);
}

SYSCALL(getrlimit)
{
	u8 resource = scap_resource(call->args[0]);
	struct limit limit = { -1, -1 };
	struct event event;

	if (!CALL_BEGIN_OF(GETRLIMIT_X, resource))
		return;
	if (call->ret == 0)
		limit = user_limit(call, call->args[1]);
	event_s64(&event, call->ret);
	event_limit(&event, limit);
	event_u8(&event, resource);
	event_send(&event);
}

SYSCALL(prlimit64)
{
	u8 resource = scap_resource(call->args[1]);
	struct limit before = { -1, -1 };
	struct event event;

	if (!CALL_BEGIN_OF(PRLIMIT_X, resource))
		return;
	if (call->ret == 0)
		before = user_limit64(call->args[3]);
	event_s64(&event, call->ret);
	event_limit(&event, user_limit64(call->args[2]));
	event_limit(&event, before);
	event_s64(&event, (s32)call->args[0]);
	event_u8(&event, resource);
	event_send(&event);
}
