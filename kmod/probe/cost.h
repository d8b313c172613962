/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the probes themselves take: each one's calls, mean and worst time on
 * each CPU, by the clock that they read for everything else.
 *
 * Takes from the brackets that LW_PROBE() puts around a probe (probe.h), and
 * gives to the netlink family. It is off until somebody asks for it; then a
 * static branch in each probe is a jump that is not there.
 */
#ifndef LW_COST_H
#define LW_COST_H

#include <linux/irqflags.h>
#include <linux/jump_label.h>
#include <linux/ktime.h>
#include <linux/types.h>

#include "engine/clock.h"

#define LW_MAX_PROBES	64

/**
 * struct lw_cost - what one probe took on one CPU
 *
 * Written by this CPU alone, with interrupts off, in the order of the fields;
 * read in the other. So a reader never finds a mean above the worst.
 *
 * @worst_ns: the longest call
 * @calls: how many there were
 * @total_ns: all of them together
 */
struct lw_cost {
	u64 worst_ns;
	u64 calls;
	u64 total_ns;
};

/**
 * struct lw_cost_at - a call that is being measured
 * @began_ns: since when
 * @flags: interrupt state to restore
 */
struct lw_cost_at {
	u64 began_ns;
	unsigned long flags;
};

DECLARE_STATIC_KEY_FALSE(lw_cost_key);

/*
 * With interrupts off from the first reading of the clock to the last: what
 * interrupts a probe, and the probes of that, would count as the probe's.
 */
static __always_inline void lw_cost_begin(struct lw_cost_at *ev)
{
	raw_local_irq_save(ev->flags);
	ev->began_ns = lw_clock_ns();
}

void lw_cost_end(struct lw_cost_at *ev, unsigned long probe);

int lw_cost_init(void);
void lw_cost_exit(void);
void lw_cost_set(bool on);
bool lw_cost_is_on(u64 *since_ns);
void lw_cost_read(unsigned int cpu, unsigned int probe, struct lw_cost *into);

#endif
