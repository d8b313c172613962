/* SPDX-License-Identifier: GPL-2.0 */
/* What the module's table of stages needs of the kernel's header of this name. */
#ifndef LW_TESTS_LINUX_BUILD_BUG_H
#define LW_TESTS_LINUX_BUILD_BUG_H

#include <assert.h>

#endif
