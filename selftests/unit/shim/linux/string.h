/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include <string.h>

/* of a structure, what comes after a member */
#define memset_after(p, v, member) \
	memset((char *)(p) + offsetof(__typeof__(*(p)), member) + sizeof((p)->member), v, \
	       sizeof(*(p)) - offsetof(__typeof__(*(p)), member) - sizeof((p)->member))

#endif
