/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The cgroups of a task, as `cpuset=/a/b`, `cpu=/a/b` and so on: containers are told by them.
 */
#ifndef INNERWARDEN_CGROUP_H
#define INNERWARDEN_CGROUP_H

#include "compat.h"
#include "event.h"

#define CGROUP_COMPONENTS 6 /* from the end of a path, as in libs */
#define MAX_CGROUP_NAME_BYTES 256
#define MAX_CGROUP_PATH_BYTES 2048 /* a power of two that holds all components */

/* The path written last: under cgroup v2 most controllers have the same. */
struct cgroup_path {
	struct kernfs_node *node;
	u64 start;
	u64 bytes;
};

static __always_inline void append_cgroup_name(struct event *event, char *name)
{
	long bytes = bpf_probe_read_kernel_str(&event->bytes[POSITION(event->size)],
					       MAX_CGROUP_NAME_BYTES, name);

	event_advance(event, bytes > 0 ? bytes : 0);
	event->bytes[POSITION(event->size - 1)] = '/';
}

/*
 * Appends "/a/b" and a NUL. The root has an empty name, hence the first slash. Names are
 * collected in memory of a map: what is read from there the verifier does not know, so all
 * depths are one case to it.
 */
static __always_inline void append_cgroup_path(struct event *event, struct kernfs_node *node)
{
	char *volatile *names = (char *volatile *)event_workspace(event);
	u64 depth = 0;
	int index;

#pragma unroll
	for (index = 0; index < CGROUP_COMPONENTS; index++) {
		names[index] = NULL;
		if (node) {
			names[index] = BPF_CORE_READ(node, name);
			node = kernfs_parent(node);
			depth++;
		}
	}
	depth = scratch_forget(event->scratch, depth);
	if (node) /* The root was not reached. */
		put_u8(event, '/');
	event_advance(event, 0);
#pragma unroll
	for (index = CGROUP_COMPONENTS - 1; index >= 0; index--) {
		char *name = names[index];

		if (name)
			append_cgroup_name(event, name);
	}
	if (depth <= 1) /* The slash of the root stays. */
		put_u8(event, 0);
	else
		event->bytes[POSITION(event->size - 1)] = 0;
	event_advance(event, 0);
}

static __always_inline void append_cgroup(struct event *event, struct cgroup_subsys_state *state,
					  struct cgroup_path *last)
{
	struct kernfs_node *node = BPF_CORE_READ(state, cgroup, kn);
	u64 bytes = last->bytes;

	barrier_var(bytes);
	bytes &= MAX_CGROUP_PATH_BYTES - 1;
	if (node && node == last->node) {
		bpf_probe_read_kernel(&event->bytes[POSITION(event->size)], bytes,
				      &event->bytes[POSITION(last->start)]);
		event_advance(event, bytes);
		return;
	}
	last->node = node;
	last->start = event->size;
	append_cgroup_path(event, node);
	last->bytes = event->size - last->start;
}

#define APPEND_CONTROLLER(event, set, controller, last)                                           \
	do {                                                                                      \
		if (bpf_core_enum_value_exists(enum cgroup_subsys_id, controller##_cgrp_id)) {    \
			__builtin_memcpy(&(event)->bytes[POSITION((event)->size)],       \
					 #controller "=", sizeof(#controller));                   \
			(event)->size += sizeof(#controller);                                     \
			append_cgroup(event, cgroup_state(set, controller##_cgrp_id), last);      \
		}                                                                                 \
	} while (0)

/* Controllers have other numbers on each kernel. */
#define cgroup_state(set, id)                                                               \
	BPF_CORE_READ((struct css_set *)((void *)(set) +                                    \
					 bpf_core_enum_value(enum cgroup_subsys_id, id) *   \
						 sizeof(void *)),                           \
		      subsys[0])

/* cgroups */
static __always_inline void event_cgroups(struct event *event, struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct cgroup_path last = {};
	u64 before = event->size;

	if (set) {
		APPEND_CONTROLLER(event, set, cpuset, &last);
		APPEND_CONTROLLER(event, set, cpu, &last);
		APPEND_CONTROLLER(event, set, cpuacct, &last);
		APPEND_CONTROLLER(event, set, io, &last);
		APPEND_CONTROLLER(event, set, memory, &last);
	}
	event_end_param(event, event->size - before);
}

#endif /* INNERWARDEN_CGROUP_H */
