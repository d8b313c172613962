// SPDX-License-Identifier: GPL-2.0
/* Statistics blocks for probes to take. See pool.h. */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/topology.h>

#include "alloc.h"
#include "books/books.h"
#include "books/budget.h"
#include "books/pool.h"

static struct kmem_cache *cache;
/* LW_POOL_CPU for each CPU number, then LW_POOL_SHARED */
static struct lw_stat **slots;
/* blocks that exist, in the pool or in use */
static atomic_t blocks;

static struct lw_stat **cpu_slots(unsigned int cpu)
{
	return slots + cpu * LW_POOL_CPU;
}

static struct lw_stat **shared_slots(void)
{
	return cpu_slots(nr_cpu_ids);
}

/* the first block of some slots; @low: a quarter of them or more is empty */
static struct lw_stat *take(struct lw_stat **slot, unsigned int n, bool *low)
{
	struct lw_stat *s;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!READ_ONCE(slot[i]))
			continue;
		/* pairs with the cmpxchg() in fill(): the block is written */
		s = xchg(&slot[i], NULL);
		if (s) {
			*low = i >= n / 4;
			return s;
		}
	}
	*low = true;
	return NULL;
}

/**
 * lw_pool_take() - an empty statistics block
 * @cpu: this CPU
 *
 * Context: any but NMI, with interrupts off.
 * Return: the block, with nothing recorded, or NULL if the pool is empty.
 */
struct lw_stat *lw_pool_take(unsigned int cpu)
{
	struct lw_stat *s;
	bool low;

	s = take(cpu_slots(cpu), LW_POOL_CPU, &low);
	if (!s)
		s = take(shared_slots(), LW_POOL_SHARED, &low);
	if (low)
		lw_pool_low();
	return s;
}

/**
 * lw_pool_alloc() - a block that does not come from the slots
 * @cpu: whose statistics it is for
 *
 * Context: process, may sleep.
 * Return: the block, with nothing recorded, or NULL when there is no memory.
 */
struct lw_stat *lw_pool_alloc(unsigned int cpu)
{
	struct lw_stat *s;

	s = kmem_cache_alloc_node(cache, LW_GFP | __GFP_ZERO, cpu_to_node(cpu));
	if (!s)
		return NULL;
	s->min = U64_MAX;
	s->limit = LW_NO_LIMIT;
	atomic_inc(&blocks);
	return s;
}

/**
 * lw_pool_free() - free a block that no probe writes any more
 * @s: the block, or NULL
 */
void lw_pool_free(struct lw_stat *s)
{
	if (!s)
		return;
	lw_pool_free(s->carry);
	if (s->ranks) {
		atomic_dec(&blocks);
		kmem_cache_free(cache, s->ranks);
	}
	atomic_dec(&blocks);
	kmem_cache_free(cache, s);
}

static bool fill(struct lw_stat **slot, unsigned int n, unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct lw_stat *s;

		if (READ_ONCE(slot[i]))
			continue;
		s = lw_pool_alloc(cpu);
		if (!s)
			return false;
		/* pairs with the xchg() in take() */
		if (cmpxchg(&slot[i], NULL, s))
			lw_pool_free(s);
	}
	return true;
}

/**
 * lw_pool_refill() - put a block into each empty slot
 *
 * Context: process, may sleep.
 * Return: false when there was no memory for all.
 */
bool lw_pool_refill(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (!fill(cpu_slots(cpu), LW_POOL_CPU, cpu))
			return false;
	return fill(shared_slots(), LW_POOL_SHARED, 0);
}

/**
 * lw_pool_init() - make the slots and fill them
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int lw_pool_init(void)
{
	cache = kmem_cache_create("latwatch_stat", sizeof(struct lw_stat), 0,
				  0, NULL);
	if (!cache)
		return -ENOMEM;
	slots = kvcalloc(nr_cpu_ids * LW_POOL_CPU + LW_POOL_SHARED,
			 sizeof(*slots), LW_GFP);
	if (slots && lw_pool_refill())
		return 0;
	lw_pool_exit();
	return -ENOMEM;
}

/** lw_pool_exit() - free the slots; no probe runs and no block is in use */
void lw_pool_exit(void)
{
	unsigned int i;

	for (i = 0; slots && i < nr_cpu_ids * LW_POOL_CPU + LW_POOL_SHARED; i++)
		lw_pool_free(slots[i]);
	kvfree(slots);
	slots = NULL;
	kmem_cache_destroy(cache);
	cache = NULL;
}

/**
 * lw_pool_bytes() - what the blocks take now
 *
 * Return: bytes of all blocks, in the pool and in use.
 */
size_t lw_pool_bytes(void)
{
	return (size_t)atomic_read(&blocks) * kmem_cache_size(cache);
}

/**
 * lw_pool_bytes_at_load() - what the blocks take before anything is recorded
 *
 * Return: bytes.
 */
size_t lw_pool_bytes_at_load(void)
{
	return (num_possible_cpus() * LW_POOL_CPU + LW_POOL_SHARED) *
	       sizeof(struct lw_stat);
}
