/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define min(a, b) ({ \
	__typeof__(a) shim_a = (a); \
	__typeof__(b) shim_b = (b); \
	shim_a < shim_b ? shim_a : shim_b; })
#define max(a, b) ({ \
	__typeof__(a) shim_a = (a); \
	__typeof__(b) shim_b = (b); \
	shim_a > shim_b ? shim_a : shim_b; })
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))

#ifndef container_of
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#endif

#endif
