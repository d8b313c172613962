/* SPDX-License-Identifier: GPL-2.0 */
/* What the module's table of stages needs of the kernel's header of this name. */
#ifndef LW_TESTS_LINUX_BITS_H
#define LW_TESTS_LINUX_BITS_H

#include <stdbool.h>
#include <stdint.h>

#define BIT(nr)	(1u << (nr))

typedef uint8_t u8;
typedef uint32_t u32;

#endif
