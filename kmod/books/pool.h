/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pool of statistics blocks: memory for what is recorded, when it is first
 * recorded.
 *
 * A probe takes an empty block, a worker puts others in its place. Each CPU has
 * a few slots of its own, and all share some more, for a CPU that takes many at
 * once: the first packet of a VM takes one for each of its stages. A slot is a
 * pointer that is exchanged, so takers and the worker need no lock, and a take
 * looks at LW_POOL_CPU + LW_POOL_SHARED slots at most.
 */
#ifndef LW_POOL_H
#define LW_POOL_H

#include <linux/types.h>

struct lw_stat;

#define LW_POOL_CPU	6	/* slots of each possible CPU */
#define LW_POOL_SHARED	64	/* slots for all */

/* in reclaim.c: the pool runs low; any context but NMI */
void lw_pool_low(void);

/* any context but NMI, with interrupts off on @cpu */
struct lw_stat *lw_pool_take(unsigned int cpu);

/* process context */
int lw_pool_init(void);
void lw_pool_exit(void);
bool lw_pool_refill(void);
struct lw_stat *lw_pool_alloc(unsigned int cpu);
void lw_pool_free(struct lw_stat *s);
size_t lw_pool_bytes(void);
size_t lw_pool_bytes_at_load(void);

#endif
