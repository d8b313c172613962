/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the fake machine share, and no test needs. */
#ifndef UNIT_MACHINE_INSIDE_H
#define UNIT_MACHINE_INSIDE_H

#include "machine.h"

extern char m_taps[M_TAPS][64];

/* an event on a CPU, in the context that it is in */
struct lw_event m_enter(unsigned int cpu);

#endif
