/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * System V semaphores. There for rules that name these calls.
 */
#define SEM_SETVAL 16 /* include/uapi/linux/sem.h */

struct sembuf {
	u16 sem_num;
	s16 sem_op;
	s16 sem_flg;
};

/* libs 0.25.4 PPM_IPC_STAT ... PPM_SETVAL; 0: a command that it does not know. */
static __always_inline u16 scap_semctl_command(u16 command)
{
	switch (command) {
	case 0: /* IPC_RMID */
		return 1 << 2;
	case 1: /* IPC_SET */
		return 1 << 1;
	case 2: /* IPC_STAT */
		return 1 << 0;
	case 3: /* IPC_INFO */
		return 1 << 3;
	case 11: /* GETPID */
		return 1 << 8;
	case 12: /* GETVAL */
		return 1 << 9;
	case 13: /* GETALL */
		return 1 << 6;
	case 14: /* GETNCNT */
		return 1 << 7;
	case 15: /* GETZCNT */
		return 1 << 10;
	case SEM_SETVAL:
		return 1 << 12;
	case 17: /* SETALL */
		return 1 << 11;
	case 18: /* SEM_STAT */
		return 1 << 5;
	case 19: /* SEM_INFO */
		return 1 << 4;
	default:
		return 0;
	}
}

SYSCALL(semget)
{
	struct event event;

	if (!CALL_BEGIN(SEMGET_X))
		return;
	event_s64(&event, call->ret);
	event_s32(&event, call->args[0]);
	event_s32(&event, call->args[1]);
	event_u32(&event, MOVED(call->args[2], 0x200 /* IPC_CREAT */, 1 << 13) |
				  MOVED(call->args[2], 0x400 /* IPC_EXCL */, 1 << 14));
	event_send(&event);
}

SYSCALL(semctl)
{
	u16 command = call->args[2];
	struct event event;

	if (!CALL_BEGIN(SEMCTL_X))
		return;
	event_s64(&event, call->ret);
	event_s32(&event, call->args[0]);
	event_s32(&event, call->args[1]);
	event_u16(&event, scap_semctl_command(command));
	event_s32(&event, command == SEM_SETVAL ? call->args[3] : 0);
	event_send(&event);
}

static __always_inline void event_operation(struct event *event, const struct sembuf *operation)
{
	event_u16(event, operation->sem_num);
	event_s16(event, operation->sem_op);
	event_u16(event, MOVED(operation->sem_flg, 0x800 /* IPC_NOWAIT */, 1 << 0) |
				 MOVED(operation->sem_flg, 0x1000 /* SEM_UNDO */, 1 << 1));
}

/* The first two operations; zeros if the call failed or has less. */
SYSCALL(semop)
{
	struct sembuf operations[2] = {};
	u32 count = call->args[2];
	struct event event;

	if (!CALL_BEGIN(SEMOP_X))
		return;
	if (call->ret == 0 && count == 1)
		bpf_probe_read_user(operations, sizeof(operations[0]), (void *)call->args[1]);
	else if (call->ret == 0 && count > 1)
		bpf_probe_read_user(operations, sizeof(operations), (void *)call->args[1]);
	event_s64(&event, call->ret);
	event_u32(&event, count);
	event_operation(&event, &operations[0]);
	event_operation(&event, &operations[1]);
	event_s32(&event, call->args[0]);
	event_send(&event);
}
