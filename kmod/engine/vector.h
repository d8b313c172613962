/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The vectors of a VM: what waits for each interrupt of each of its vCPUs.
 *
 * A vector is claimed when it is signalled first, and stays its VM's as long as
 * that runs. An index finds it by its key within LW_VECTOR_PROBES steps; it has four
 * places for each vector, so that nearly all are found in one or two. Sets of
 * vectors are bits of a word: nobody has to look at all of them.
 */
#ifndef LW_VECTOR_H
#define LW_VECTOR_H

#include <linux/bitops.h>
#include <linux/llist.h>
#include <linux/sched.h>
#include <linux/types.h>

#include "engine/event.h"
#include "model/ledger.h"

struct lw_vm;

#define LW_VM_VECTORS		64	/* (vCPU, vector) pairs that carry packets */
#define LW_VECTOR_INDEX_BITS	8
#define LW_VECTOR_INDEX		BIT(LW_VECTOR_INDEX_BITS)
#define LW_VECTOR_PROBES	16
#define LW_VECTOR_SETS		64	/* of vectors by vCPU; see lw_vector_set() */

#define LW_VECTOR_USED		BIT(31)

/*
 * Where signals do not name their vCPU (path/notify.c), no guest's vector has these
 * numbers: what a vCPU was notified of, and what nobody was notified of yet.
 */
#define LW_VECTOR_TOLD		0
#define LW_VECTOR_ANNOUNCED	1

/**
 * struct lw_vector - batches that wait for one vector of one vCPU
 * @key: vCPU and vector, with LW_VECTOR_USED; 0: free
 * @exits: how often the vCPU that is notified of these left its guest
 * @teller: who passes these on to the guest, if another than the backend; only compared
 * @told: the vector that they were passed on as last, or NULL
 * @pending: batches, newest first; pushed by backends, taken by the vCPU
 */
struct lw_vector {
	u32 key;
	u32 exits;
	const struct task_struct *teller;
	struct lw_vector *told;
	struct llist_head pending;
};

static inline u32 lw_vector_key(u32 vcpu_id, u8 vector)
{
	return LW_VECTOR_USED | vcpu_id << 8 | vector;
}

/* the vCPU that a vector is of */
static inline u32 lw_vector_vcpu(const struct lw_vector *v)
{
	return (READ_ONCE(v->key) & ~LW_VECTOR_USED) >> 8;
}

/* a vector of this vCPU, whichever */
static inline bool lw_vector_is_of(const struct lw_vector *v, u32 vcpu_id)
{
	return lw_vector_vcpu(v) == vcpu_id;
}

static inline bool lw_vector_is_announced(const struct lw_vector *v)
{
	return (READ_ONCE(v->key) & 0xff) == LW_VECTOR_ANNOUNCED;
}

/* take the lowest bit out of a set of vectors that is not empty */
static inline unsigned int lw_vector_next(unsigned long *set)
{
	unsigned int n = __ffs(*set);

	*set &= *set - 1;
	return n;
}

struct lw_vector *lw_vector_find(struct lw_vm *vm, u32 key);
struct lw_vector *lw_vector_get(struct lw_vm *vm, u32 key);
bool lw_vector_follow(struct lw_vector *v, struct llist_node *n);
void lw_vector_close(struct lw_event *ev, struct lw_vector *v,
		     enum lw_ledger line);
void lw_vector_drain(struct lw_event *ev, struct lw_vm *vm);

#endif
