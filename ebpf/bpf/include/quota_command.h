/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Commands of quotactl(2) as scap has them: libs 0.25.4 PPM_Q_*, PPM_QFMT_*.
 */
#ifndef INNERWARDEN_QUOTA_COMMAND_H
#define INNERWARDEN_QUOTA_COMMAND_H

#define SCAP_Q_QUOTAON (1 << 0)
#define SCAP_Q_GETFMT (1 << 2)
#define SCAP_Q_INFO (1 << 3 | 1 << 4)		     /* GETINFO, SETINFO */
#define SCAP_Q_LIMITS (1 << 5 | 1 << 6)		     /* GETQUOTA, SETQUOTA */
#define SCAP_Q_OF_ID (SCAP_Q_LIMITS | 1 << 10 | 1 << 11) /* and XGETQUOTA, XSETQLIM */

/* `command` without the type in its lowest byte. 0: one that Falco does not know. */
static __always_inline u16 scap_quota_command(u32 command)
{
	u32 number = command & 0xff;

	switch (command & ~0xffU) {
	case 0x800000: /* Q_SYNC, then Q_QUOTAON to Q_SETQUOTA */
		return number == 1		    ? 1 << 7
		     : number >= 2 && number <= 8 ? 1 << (number - 2)
						    : 0;
	case 'X' << 8: /* Q_XQUOTAON to Q_XQUOTASYNC */
		return number >= 1 && number <= 7 ? 1 << (number + 7) : 0;
	default:
		return 0;
	}
}

/* USRQUOTA and GRPQUOTA; 0 for others. */
static __always_inline u8 scap_quota_type(u32 command)
{
	u32 type = command & 0xff;

	return type < 2 ? 1 << type : 0;
}

/* QFMT_VFS_OLD, V0, V1; 1 for others and for none. */
static __always_inline u8 scap_quota_format(u32 format)
{
	return format == 1 ? 2 : format == 2 ? 4 : format == 4 ? 8 : 1;
}

#endif /* INNERWARDEN_QUOTA_COMMAND_H */
