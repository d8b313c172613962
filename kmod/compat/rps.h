/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether receive packet steering is in use on any device.
 *
 * The header is to be included without a condition when the oldest kernel is
 * 6.10.
 */
#ifndef LW_COMPAT_RPS_H
#define LW_COMPAT_RPS_H

#include <linux/netdevice.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#include <net/rps.h>
#endif

static __always_inline bool lw_rps_in_use(void)
{
#ifdef CONFIG_RPS
	return static_branch_unlikely(&rps_needed);
#else
	return false;
#endif
}

#endif
