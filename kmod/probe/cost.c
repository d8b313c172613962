// SPDX-License-Identifier: GPL-2.0
/* What the probes themselves take. See cost.h. */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "probe/attach.h"
#include "probe/cost.h"

DEFINE_STATIC_KEY_FALSE(lw_cost_key);

static struct lw_cost __percpu *costs;
static u64 since;
/* guards the switch, and @since */
static DEFINE_MUTEX(lock);

/**
 * lw_cost_init() - make room for what will be measured
 *
 * Return: 0 or -ENOMEM.
 */
int lw_cost_init(void)
{
	costs = __alloc_percpu(LW_MAX_PROBES * sizeof(*costs),
			       __alignof__(*costs));
	return costs ? 0 : -ENOMEM;
}

/** lw_cost_exit() - free it; no probe may run any more */
void lw_cost_exit(void)
{
	free_percpu(costs);
}

/**
 * lw_cost_end() - a probe has returned
 * @ev: what lw_cost_begin() filled
 * @probe: which probe
 *
 * What is counted has one reading of the clock in it, about.
 */
void lw_cost_end(struct lw_cost_at *ev, unsigned long probe)
{
	struct lw_cost *c = raw_cpu_ptr(costs) + probe;
	u64 ns = lw_clock_ns() - ev->began_ns;

	if (ns > c->worst_ns)
		WRITE_ONCE(c->worst_ns, ns);
	smp_wmb(); /* pairs with lw_cost_read() */
	WRITE_ONCE(c->calls, c->calls + 1);
	smp_wmb(); /* likewise */
	WRITE_ONCE(c->total_ns, c->total_ns + ns);
	raw_local_irq_restore(ev->flags);
}

/**
 * lw_cost_set() - begin to measure, from nothing, or end it
 * @on: which
 *
 * What was measured stays until it begins again. Either way the kernel's text
 * is patched, which interrupts every CPU, as attaching and detaching does.
 *
 * Context: process, may sleep.
 */
void lw_cost_set(bool on)
{
	unsigned int cpu;

	mutex_lock(&lock);
	if (on == static_key_enabled(&lw_cost_key))
		goto out;
	if (!on) {
		static_branch_disable(&lw_cost_key);
		/* a probe that runs now may still count */
		lw_probes_wait();
		goto out;
	}
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(costs, cpu), 0,
		       LW_MAX_PROBES * sizeof(*costs));
	since = lw_clock_ns();
	static_branch_enable(&lw_cost_key);
out:
	mutex_unlock(&lock);
}

/**
 * lw_cost_is_on() - is it measured?
 * @since_ns: takes when that began, or the last time did; 0: never
 *
 * Return: whether it is.
 */
bool lw_cost_is_on(u64 *since_ns)
{
	bool on;

	mutex_lock(&lock);
	on = static_key_enabled(&lw_cost_key);
	*since_ns = since;
	mutex_unlock(&lock);
	return on;
}

/**
 * lw_cost_read() - what a probe took on a CPU
 * @cpu: the CPU, a possible one
 * @probe: the probe
 * @into: takes it
 */
void lw_cost_read(unsigned int cpu, unsigned int probe, struct lw_cost *into)
{
	const struct lw_cost *c = per_cpu_ptr(costs, cpu) + probe;

	into->total_ns = READ_ONCE(c->total_ns);
	smp_rmb(); /* pairs with lw_cost_end() */
	into->calls = READ_ONCE(c->calls);
	smp_rmb(); /* likewise */
	into->worst_ns = READ_ONCE(c->worst_ns);
}
