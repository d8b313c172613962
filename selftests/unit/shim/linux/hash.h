/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_HASH_H
#define SHIM_LINUX_HASH_H

#include <linux/types.h>

static inline u32 hash_32(u32 val, unsigned int bits)
{
	return val * 0x61C88647U >> (32 - bits);
}

#define GOLDEN_RATIO_64	0x61C8864680B583EBULL

static inline u32 hash_64(u64 val, unsigned int bits)
{
	return val * GOLDEN_RATIO_64 >> (64 - bits);
}

#endif
