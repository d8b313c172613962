/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a NAPI leaves behind after a poll: its timer, and packets in GRO.
 *
 * lw_napi_gro() is to be deleted when the oldest kernel is 6.15, where GRO's state
 * became a struct of its own.
 */
#ifndef LW_COMPAT_NAPI_H
#define LW_COMPAT_NAPI_H

#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/version.h>

static __always_inline bool lw_napi_gro(const struct napi_struct *napi)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
	return READ_ONCE(napi->gro_bitmask);
#else
	return READ_ONCE(napi->gro.bitmask);
#endif
}

/*
 * How long GRO keeps what it has after a poll, at most. Whenever it is polled what came
 * in another jiffy goes; if the poll goes on, all goes but where jiffies are short.
 */
static __always_inline u64 lw_napi_keeps_ns(const struct napi_struct *napi,
					    bool goes_on)
{
	return lw_napi_gro(napi) && (!goes_on || HZ >= 1000) ? 2 * TICK_NSEC : 0;
}

#endif
