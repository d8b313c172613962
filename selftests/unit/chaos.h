/* SPDX-License-Identifier: GPL-2.0 */
/* Events in any order, from bytes. */
#ifndef UNIT_CHAOS_H
#define UNIT_CHAOS_H

#include <linux/types.h>

#include "model/ledger.h"

/* what all runs came to, so that one can see what they reach */
extern u64 chaos_lines[LW_NLEDGER];

void chaos_run(const u8 *bytes, size_t n);

#endif
