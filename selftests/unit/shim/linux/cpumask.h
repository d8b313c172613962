/* SPDX-License-Identifier: GPL-2.0 */
/* The CPUs of the fake machine; shim_possible may have holes. */
#ifndef SHIM_LINUX_CPUMASK_H
#define SHIM_LINUX_CPUMASK_H

#include <linux/types.h>

extern unsigned long shim_possible;
extern unsigned int nr_cpu_ids;

#define num_possible_cpus() \
	((unsigned int)__builtin_popcountl(shim_possible))
#define cpu_possible(cpu)	(shim_possible >> (cpu) & 1)
#define for_each_possible_cpu(cpu) \
	for ((cpu) = 0; (cpu) < nr_cpu_ids; (cpu)++) \
		if (cpu_possible(cpu))

#endif
