/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The list of the kernel's drop reasons, which moved.
 *
 * To be deleted when the oldest kernel is 6.4.
 */
#ifndef LW_COMPAT_DROP_REASON_H
#define LW_COMPAT_DROP_REASON_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#include <net/dropreason-core.h>
#else
#include <net/dropreason.h>
#endif

#endif
