/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an architecture's file gives: all that is known of it, and the only
 * place where it is known. The build takes the one that it builds for.
 *
 * The marks mean the same everywhere. KVM's events that set them do not even
 * have the same names, and each file's head says what else is different.
 */
#ifndef LW_ARCH_H
#define LW_ARCH_H

#include "probe/probe.h"

extern const struct lw_probe lw_probes_kvm[];

/*
 * Signals do not name their vCPU; it is told later, and where nothing tells it
 * a signal is inferred: path/notify.c.
 */
extern const bool lw_arch_tells;

#endif
