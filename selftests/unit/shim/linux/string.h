/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include <string.h>

static inline long strscpy(char *to, const char *from, size_t size)
{
	size_t n = strnlen(from, size - 1);

	memcpy(to, from, n);
	to[n] = 0;
	return n;
}

/* of a structure, what comes after a member */
#define memset_after(p, v, member) \
	memset((char *)(p) + offsetof(__typeof__(*(p)), member) + sizeof((p)->member), v, \
	       sizeof(*(p)) - offsetof(__typeof__(*(p)), member) - sizeof((p)->member))

#endif
