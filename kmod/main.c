// SPDX-License-Identifier: GPL-2.0
/* The module: its parameters, and the ladder of init and exit. */
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "alloc.h"
#include "culprit/trail.h"
#include "engine/batch.h"
#include "engine/clock.h"
#include "probe/cost.h"
#include "measure.h"
#include "netlink/netlink.h"
#include "books/budget.h"
#include "books/pool.h"
#include "books/reclaim.h"
#include "engine/nic.h"
#include "engine/skb.h"
#include "engine/tap.h"
#include "engine/task.h"
#include "engine/vm.h"

#ifndef CONFIG_64BIT
#error "latwatch needs a 64-bit kernel: other CPUs read its 64-bit counts"
#endif

/* of the memory the module takes 1/LW_MEMORY_PART at most when it is loaded */
#define LW_MEMORY_PART	16U

struct lw_cpu __percpu *lw_cpus;

static unsigned int max_vms = 8;
module_param(max_vms, uint, 0444);
MODULE_PARM_DESC(max_vms, "VMs told apart, 1 to 1024 (default 8)");

static unsigned int max_tasks = 512;
module_param(max_tasks, uint, 0444);
MODULE_PARM_DESC(max_tasks, "tasks followed, 16 to 65536 (default 512)");

static unsigned int max_skbs = 4096;
module_param(max_skbs, uint, 0444);
MODULE_PARM_DESC(max_skbs, "packets in taps and NICs, 64 to 1048576 (default 4096)");

static unsigned int max_taps = 256;
module_param(max_taps, uint, 0444);
MODULE_PARM_DESC(max_taps, "tap devices, 1 to 65536 (default 256)");

static unsigned int max_batches = 512;
module_param(max_batches, uint, 0444);
MODULE_PARM_DESC(max_batches,
		 "batches on their way to guests, 32 to 65536 (default 512)");

static bool kprobes = true;
module_param(kprobes, bool, 0444);
MODULE_PARM_DESC(kprobes, "kprobes where there is no tracepoint (default yes)");

static const struct {
	const char *name;
	const unsigned int *value;
	unsigned int min, max;
} bounds[] = {
	{ "max_vms", &max_vms, 1, LW_VM_MOST },
	{ "max_tasks", &max_tasks, 16, 65536 },
	{ "max_skbs", &max_skbs, 64, 1048576 },
	{ "max_taps", &max_taps, 1, 65536 },
	{ "max_batches", &max_batches, 32, 65536 },
};

static int __init check_bounds(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bounds); i++) {
		unsigned int v = *bounds[i].value;

		if (v >= bounds[i].min && v <= bounds[i].max)
			continue;
		pr_err("%s=%u is out of range: %u to %u are allowed\n",
		       bounds[i].name, v, bounds[i].min, bounds[i].max);
		return -EINVAL;
	}
	return 0;
}

/* what the module takes at load */
static u64 __init bytes_at_load(void)
{
	return lw_table_bytes(max_tasks, sizeof(struct lw_task)) +
	       lw_table_bytes(max_skbs, sizeof(struct lw_skb)) +
	       lw_table_bytes(max_taps, sizeof(struct lw_tap)) +
	       lw_table_bytes(LW_NICS, sizeof(u32)) +
	       (u64)max_batches * sizeof(struct lw_batch) +
	       lw_vm_bytes(max_vms) +
	       num_possible_cpus() * sizeof(struct lw_cpu) +
	       lw_books_bytes(max_vms) + lw_pool_bytes_at_load();
}

/* a tool that watches may not take the memory of what it watches */
static int __init check_memory(void)
{
	u64 wants = bytes_at_load() >> 10;
	u64 may = ((u64)totalram_pages() << (PAGE_SHIFT - 10)) / LW_MEMORY_PART;

	if (wants <= may)
		return 0;
	pr_err("%llu KB would be needed on %u possible CPUs, and 1/%u of the memory is %llu KB: smaller max_* parameters need less\n",
	       wants, num_possible_cpus(), LW_MEMORY_PART, may);
	return -ENOMEM;
}

static int __init cpus_alloc(void)
{
	unsigned int cpu;

	lw_cpus = alloc_percpu_gfp(struct lw_cpu, LW_GFP);
	if (!lw_cpus)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		lw_cpu_init(per_cpu_ptr(lw_cpus, cpu), cpu);
	return 0;
}

static int __init latwatch_init(void)
{
	int err;

	err = check_bounds();
	if (err)
		return err;
	err = check_memory();
	if (err)
		return err;
	err = lw_clock_init();
	if (err)
		return err;
	err = cpus_alloc();
	if (err)
		goto no_memory;
	err = lw_table_init(&lw_task_table, max_tasks, sizeof(struct lw_task));
	if (err)
		goto no_tasks;
	err = lw_table_init(&lw_skb_table, max_skbs, sizeof(struct lw_skb));
	if (err)
		goto no_skbs;
	err = lw_batch_init(max_batches);
	if (err)
		goto no_batches;
	err = lw_vm_init(max_vms);
	if (err)
		goto no_vms;
	err = lw_pool_init();
	if (err)
		goto no_pool;
	err = lw_begin();
	if (err)
		goto no_books;
	err = lw_tap_init(max_taps);
	if (err)
		goto no_taps;
	err = lw_nic_init();
	if (err)
		goto no_nics;
	err = lw_cost_init();
	if (err)
		goto no_costs;
	lw_trail_begin();
	err = lw_measure_init(kprobes);
	if (err)
		goto no_probes;
	err = lw_netlink_init();
	if (err)
		goto no_netlink;
	return 0;

no_netlink:
	lw_measure_exit();
no_probes:
	lw_cost_exit();
no_costs:
	lw_nic_exit();
no_nics:
	lw_reclaim_exit();
	lw_tap_exit();
no_taps:
	lw_books_free(lw_books);
no_books:
	lw_pool_exit();
no_pool:
	lw_vm_exit();
no_vms:
	lw_batch_exit();
no_batches:
	lw_table_exit(&lw_skb_table);
no_skbs:
	lw_table_exit(&lw_task_table);
no_tasks:
	free_percpu(lw_cpus);
no_memory:
	lw_clock_exit();
	if (err == -ENOMEM)
		pr_err("no memory for the tables: smaller max_* parameters need less\n");
	return err;
}

/* who reads goes first, then who writes, then what is written */
static void __exit latwatch_exit(void)
{
	lw_netlink_exit();
	lw_measure_exit();
	lw_cost_exit();
	lw_reclaim_exit();
	lw_nic_exit();
	lw_tap_exit();
	lw_books_free(lw_books);
	lw_budget_exit();
	lw_pool_exit();
	lw_vm_exit();
	lw_batch_exit();
	lw_table_exit(&lw_skb_table);
	lw_table_exit(&lw_task_table);
	free_percpu(lw_cpus);
	lw_clock_exit();
}

module_init(latwatch_init);
module_exit(latwatch_exit);

MODULE_LICENSE("GPL");
MODULE_VERSION(LATWATCH_VERSION);
MODULE_DESCRIPTION("Where a packet spends its time between a NIC and a guest");
