/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BUILD_BUG_H
#define SHIM_LINUX_BUILD_BUG_H

#define BUILD_BUG_ON(cond)	_Static_assert(!(cond), "BUILD_BUG_ON " #cond)
#ifndef static_assert
#define shim_assert(cond, msg, ...)	_Static_assert(cond, msg)
#define static_assert(cond, ...) \
	shim_assert(cond, ##__VA_ARGS__, #cond)
#endif

#endif
