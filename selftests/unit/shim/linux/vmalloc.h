/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_VMALLOC_H
#define SHIM_LINUX_VMALLOC_H

#include <linux/slab.h>

#define vzalloc(size)			shim_zalloc(size)
#define vzalloc_node(size, node)	((void)(node), shim_zalloc(size))
#define vfree(p)			free((void *)(p))

#endif
