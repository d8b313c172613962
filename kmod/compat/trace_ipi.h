/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tracepoints ipi:ipi_send_cpu and csd:csd_function_entry, which came with 6.4 and
 * 6.5: before, a probe of one has nothing to be compared with, nor to be attached to.
 *
 * To be deleted when the oldest kernel is 6.5.
 */
#ifndef LW_COMPAT_TRACE_IPI_H
#define LW_COMPAT_TRACE_IPI_H

#include <linux/version.h>
#include <trace/events/ipi.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define LW_IPI_SEND_CPU_CHECK	LW_PROBE_CHECK(ipi_send_cpu)
#else
#define LW_IPI_SEND_CPU_CHECK	static_assert(true)
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <trace/events/csd.h>
#define LW_CSD_FUNCTION_CHECK	LW_PROBE_CHECK(csd_function_entry)
#else
#define LW_CSD_FUNCTION_CHECK	static_assert(true)
#endif

#endif
