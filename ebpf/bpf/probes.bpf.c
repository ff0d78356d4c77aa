/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * All probes, as one object: they share maps, and aya links no objects.
 *
 * A family of probes is one file of bpf/probe/ and one line here; a system call is one
 * SYSCALL() in its family and one row in ebpf/src/probe.rs.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include "event_types.h"
#include "event.h"
#include "call.h"
#include "open_flags.h"
#include "file.h"
#include "address.h"
#include "cgroup.h"
#include "executable.h"
#include "path.h"
#include "process.h"
#include "buffer.h"
#include "message.h"
#include "poll.h"
#include "sockopt.h"

#include "probe/dispatcher.c"

#include "probe/close.c"
#include "probe/directory.c"
#include "probe/open.c"
#include "probe/duplicate.c"
#include "probe/descriptor.c"
#include "probe/pipe.c"
#include "probe/permission.c"
#include "probe/name.c"
#include "probe/link.c"
#include "probe/mount.c"
#include "probe/position.c"
#include "probe/look.c"
#include "probe/copy.c"
#include "probe/memory.c"
#include "probe/io_uring.c"
#include "probe/read_write.c"
#include "probe/vector.c"
#include "probe/socket.c"
#include "probe/connection.c"
#include "probe/clone.c"
#include "probe/exec.c"
#include "probe/exit.c"
#include "probe/transfer.c"
#include "probe/message.c"
#include "probe/sockopt.c"
#include "probe/poll.c"
#include "probe/identity.c"
#include "probe/asking_ids.c"
#include "probe/namespace.c"
#include "probe/prctl.c"
#include "probe/limit.c"
#include "probe/signal.c"
#include "probe/kernel_code.c"
#include "probe/ptrace.c"
#include "probe/waiting.c"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
