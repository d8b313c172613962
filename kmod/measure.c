// SPDX-License-Identifier: GPL-2.0
/* Whether anything is measured. See measure.h. */
#include <linux/cpumask.h>
#include <linux/lockdep.h>

#include "engine/event.h"
#include "probe/attach.h"
#include "engine/batch.h"
#include "measure.h"
#include "books/reclaim.h"
#include "engine/skb.h"
#include "engine/task.h"
#include "engine/vm.h"
#include "path/path.h"

/* guarded by lw_books_lock once somebody can ask */
static bool measuring;
static bool with_kprobes;

/**
 * lw_measure_init() - attach the probes
 * @kprobes: also those that are kprobes, now and later
 *
 * Return: 0 or a negative error.
 */
int lw_measure_init(bool kprobes)
{
	int err;

	with_kprobes = kprobes;
	err = lw_attach(kprobes);
	measuring = !err;
	return err;
}

/** lw_measure_exit() - let go; no probe runs any more when it returns */
void lw_measure_exit(void)
{
	if (measuring)
		lw_detach();
	measuring = false;
}

/* all that was learned and carried; no probe runs */
static void forget(void)
{
	unsigned int cpu;

	lw_task_clear();
	lw_irq_clear();
	lw_table_clear(&lw_skb_table, sizeof(struct lw_skb));
	lw_batch_clear();
	lw_vm_clear();
	for_each_possible_cpu(cpu)
		lw_cpu_init(per_cpu_ptr(lw_cpus, cpu), cpu);
}

/**
 * lw_measure_set() - begin to measure, or end it
 * @on: which
 *
 * Context: process, may sleep; holds lw_books_lock.
 * Return: 0; or a negative error and it stays off: the figures of before are
 * there, or they are gone with the epoch that has begun.
 */
int lw_measure_set(bool on)
{
	int err;

	lockdep_assert_held(&lw_books_lock);
	if (on == measuring)
		return 0;
	if (!on) {
		lw_measure_exit();
		return 0;
	}
	err = lw_begin();
	if (err)
		return err;
	forget();
	return lw_measure_init(with_kprobes);
}

bool lw_measuring(void)
{
	return measuring;
}
