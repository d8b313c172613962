/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether the running kernel calls a probe with the arguments that it takes, for
 * what no header declares: KVM's tracepoints, and functions that are private to it.
 *
 * Takes the kernel's type information from /sys/kernel/btf. Gives to attach.c.
 */
#ifndef LW_PROTOTYPE_H
#define LW_PROTOTYPE_H

#include <linux/types.h>
#include <uapi/linux/latwatch.h>

struct lw_probe;
struct module;

enum latwatch_prototype lw_prototype_check(const struct lw_probe *p,
					   const struct module *mod);
void lw_prototype_drop(void);

#endif
