/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PROCESSOR_H
#define SHIM_LINUX_PROCESSOR_H

#include <linux/compiler.h>

#define cpu_relax()	__atomic_signal_fence(__ATOMIC_SEQ_CST)

#endif
