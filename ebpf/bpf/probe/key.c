/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Keys that the kernel holds. What an argument is depends on the operation: KEYCTL_* of
 * include/uapi/linux/keyctl.h, whose values scap has too.
 */

/* How many arguments an operation has behind its own number, and shifted by 4 which are texts. */
#define KEY_ARGS(operation) ((operation) & 15)
#define KEY_TEXTS(operation) ((operation) >> 4)
#define TEXT(index) (16 << (index))

static const u8 key_operations[64] = {
	[0 /* GET_KEYRING_ID */] = 2,
	[1 /* JOIN_SESSION_KEYRING */] = 1 | TEXT(0),
	[2 /* UPDATE */] = 3,
	[3 /* REVOKE */] = 1,
	[4 /* CHOWN */] = 3,
	[5 /* SETPERM */] = 2,
	[6 /* DESCRIBE */] = 3,
	[7 /* CLEAR */] = 1,
	[8 /* LINK */] = 2,
	[9 /* UNLINK */] = 2,
	[10 /* SEARCH */] = 4 | TEXT(1) | TEXT(2),
	[11 /* READ */] = 3,
	[12 /* INSTANTIATE */] = 4,
	[13 /* NEGATE */] = 3,
	[14 /* SET_REQKEY_KEYRING */] = 1,
	[15 /* SET_TIMEOUT */] = 2,
	[16 /* ASSUME_AUTHORITY */] = 1,
	[17 /* GET_SECURITY */] = 3,
	[19 /* REJECT */] = 4,
	[20 /* INSTANTIATE_IOV */] = 4,
	[21 /* INVALIDATE */] = 1,
	[22 /* GET_PERSISTENT */] = 2,
	[23 /* DH_COMPUTE */] = 4,
	[24 /* PKEY_QUERY */] = 3 | TEXT(2),
	[25 /* PKEY_ENCRYPT */] = 4 | TEXT(1),
	[26 /* PKEY_DECRYPT */] = 4 | TEXT(1),
	[27 /* PKEY_SIGN */] = 4 | TEXT(1),
	[28 /* PKEY_VERIFY */] = 4 | TEXT(1),
	[29 /* RESTRICT_KEYRING */] = 3 | TEXT(1) | TEXT(2),
	[30 /* MOVE */] = 4,
	[31 /* CAPABILITIES */] = 2,
	[32 /* WATCH_KEY */] = 3,
};

#define KEY_NUMBER 0 /* PPM_KEYCTL_IDX_INT64 */
#define KEY_TEXT 1   /* PPM_KEYCTL_IDX_CHARBUF */

static __always_inline void event_key_number(struct event *event, u64 number)
{
	put_u8(event, KEY_NUMBER);
	put_s64(event, number);
	event_end_param(event, sizeof(u8) + sizeof(s64));
}

static __always_inline void event_key_text(struct event *event, u64 address)
{
	put_u8(event, KEY_TEXT);
	event_end_param(event, sizeof(u8) + put_user_text(event, address, MAX_PATH_BYTES));
}

SYSCALL(keyctl)
{
	u32 number = call->args[0], index;
	struct event event;
	u8 operation = 0;

	if (!CALL_BEGIN(KEYCTL_X))
		return;
	if (number < 64)
		operation = key_operations[number & 63];
	event_s64(&event, call->ret);
	event_u32(&event, number);
#pragma unroll
	for (index = 0; index < 4; index++) {
		if (KEY_TEXTS(operation) & (1 << index))
			event_key_text(&event, call->args[index + 1]);
		else
			event_key_number(&event, index < KEY_ARGS(operation)
							 ? call->args[index + 1]
							 : 0);
	}
	event_send(&event);
}
