// SPDX-License-Identifier: GPL-2.0
/* Vectors of VMs: how they are found and claimed, and closed. See vector.h. */
#include <linux/hash.h>

#include "engine/batch.h"
#include "engine/vm.h"

/**
 * lw_vector_find() - where batches wait for a vector
 * @vm: the VM
 * @key: lw_vector_key()
 *
 * Return: the vector, or NULL if it never carried a packet.
 */
struct lw_vector *lw_vector_find(struct lw_vm *vm, u32 key)
{
	unsigned int i = hash_32(key, LW_VECTOR_INDEX_BITS), n;

	for (n = 0; n < LW_VECTOR_PROBES; n++) {
		/* its key was there before; pairs with the cmpxchg() in claim() */
		unsigned int at = READ_ONCE(vm->index[i]);

		if (!at)
			return NULL;
		if (READ_ONCE(vm->vector[at - 1].key) == key)
			return &vm->vector[at - 1];
		i = (i + 1) % LW_VECTOR_INDEX;
	}
	return NULL;
}

/* take a free vector and set its key; lookups do not find it yet. -1: all are in use */
static int take(struct lw_vm *vm, u32 key)
{
	unsigned int try_nr, n;

	for (try_nr = 0; try_nr < LW_CLAIM_TRIES; try_nr++) {
		unsigned long others = ~READ_ONCE(vm->used);

		if (!others)
			return -1;
		n = __ffs(others);
		if (test_and_set_bit(n, &vm->used))
			continue;
		WRITE_ONCE(vm->vector[n].key, key);
		set_bit(n, lw_vector_set(vm, (key & ~LW_VECTOR_USED) >> 8));
		if (lw_vector_is_announced(&vm->vector[n]))
			set_bit(n, &vm->announced);
		return n;
	}
	return -1;
}

/*
 * Places of the index are taken in the same order by all who look for a key, and are
 * never given back: of two who claim the same key one finds the other's.
 */
static noinline struct lw_vector *claim(struct lw_vm *vm, u32 key)
{
	unsigned int i = hash_32(key, LW_VECTOR_INDEX_BITS), n;
	int mine = take(vm, key);

	BUILD_BUG_ON(LW_VM_VECTORS != BITS_PER_LONG);
	BUILD_BUG_ON(LW_VM_VECTORS > U8_MAX);
	/* whoever took the last may have taken it for this key */
	if (mine < 0)
		return lw_vector_find(vm, key);
	for (n = 0; n < LW_VECTOR_PROBES; n++) {
		unsigned int at = cmpxchg(&vm->index[i], 0, mine + 1);

		if (!at)
			return &vm->vector[mine];
		if (READ_ONCE(vm->vector[at - 1].key) == key) {
			clear_bit_unlock(mine, &vm->used);
			return &vm->vector[at - 1];
		}
		i = (i + 1) % LW_VECTOR_INDEX;
	}
	clear_bit_unlock(mine, &vm->used);
	return NULL;
}

/**
 * lw_vector_get() - the same, claimed if it was not there
 * @vm: the VM
 * @key: lw_vector_key()
 *
 * Return: the vector, or NULL when there are LW_VM_VECTORS others.
 */
struct lw_vector *lw_vector_get(struct lw_vm *vm, u32 key)
{
	return lw_vector_find(vm, key) ?: claim(vm, key);
}

/**
 * lw_vector_follow() - let a batch wait for a vector that others wait for already
 * @v: the vector
 * @n: the batch's node
 *
 * Return: false if nothing waits for it, or any more.
 */
bool lw_vector_follow(struct lw_vector *v, struct llist_node *n)
{
	struct llist_node *first = READ_ONCE(v->pending.first), *seen;
	unsigned int try_nr;

	for (try_nr = 0; first && try_nr < LW_CLAIM_TRIES; try_nr++) {
		n->next = first;
		/* as llist_add(): pairs with llist_del_all() */
		seen = cmpxchg(&v->pending.first, first, n);
		if (seen == first)
			return true;
		first = seen;
	}
	return false;
}

/**
 * lw_vector_close() - close all batches that wait for a vector
 * @ev: where
 * @v: the vector
 * @line: what of packets becomes of them
 */
void lw_vector_close(struct lw_event *ev, struct lw_vector *v,
		     enum lw_ledger line)
{
	struct llist_node *n = llist_del_all(&v->pending);

	while (n) {
		struct lw_batch *b = llist_entry(n, struct lw_batch, node);

		n = n->next;
		lw_batch_close(ev, b, line);
	}
}

/**
 * lw_vector_drain() - a VM is gone: close what waits for it
 * @ev: where
 * @vm: the VM
 */
void lw_vector_drain(struct lw_event *ev, struct lw_vm *vm)
{
	unsigned long used;

	/* the VM's state was read or written before; pairs with llist_add() of a batch */
	smp_mb();
	used = READ_ONCE(vm->used);
	while (used) {
		struct lw_vector *v = &vm->vector[lw_vector_next(&used)];

		if (!llist_empty(&v->pending))
			lw_vector_close(ev, v, LW_LOST_VM_GONE);
	}
}
