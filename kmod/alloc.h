/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the module asks for memory.
 *
 * Its tables and books can be large, and a KVM host has most of its memory in
 * use: an allocation that finds none fails, and what asked for it says so. It
 * never makes the kernel kill a process for it.
 */
#ifndef LW_ALLOC_H
#define LW_ALLOC_H

#include <linux/slab.h>

#define LW_GFP	(GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

#endif
