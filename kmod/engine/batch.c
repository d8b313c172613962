// SPDX-License-Identifier: GPL-2.0
/* Batches: packets that one interrupt will deliver. See batch.h. */
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/string.h>

#include "alloc.h"
#include "engine/batch.h"
#include "engine/vm.h"

static struct lw_batch *batches;
static unsigned int size;

/**
 * lw_batch_init() - make room for batches
 * @n: how many
 *
 * Return: 0 or -ENOMEM.
 */
int lw_batch_init(unsigned int n)
{
	batches = kvcalloc(n, sizeof(*batches), LW_GFP);
	size = n;
	return batches ? 0 : -ENOMEM;
}

/** lw_batch_clear() - forget them; no probe may run */
void lw_batch_clear(void)
{
	memset(batches, 0, array_size(size, sizeof(*batches)));
}

/** lw_batch_exit() - free them; no probe may run any more */
void lw_batch_exit(void)
{
	kvfree(batches);
	batches = NULL;
}

unsigned int lw_batch_size(void)
{
	return size;
}

size_t lw_batch_bytes(void)
{
	return size * sizeof(*batches);
}

/**
 * lw_batch_claim() - open a batch
 * @vm: for which VM, or NULL
 * @origin: how its packets' flights began
 * @now: when its first packet is taken
 *
 * Return: an empty batch, or NULL when LW_BATCH_TRIES neighbours are all in
 * use.
 */
struct lw_batch *lw_batch_claim(struct lw_vm *vm, u8 origin, u64 now)
{
	/* spread the searches; the time is as good as any */
	unsigned int i = hash_64(now, 32) % size, tries;

	for (tries = 0; tries < LW_BATCH_TRIES; tries++) {
		struct lw_batch *b = &batches[i];

		if (READ_ONCE(b->state) == LW_BATCH_FREE &&
		    cmpxchg(&b->state, LW_BATCH_FREE, LW_BATCH_OPEN) ==
			    LW_BATCH_FREE) {
			WRITE_ONCE(b->origin, origin);
			b->rides = false;
			b->groups = 0;
			WRITE_ONCE(b->vm, vm);
			b->next = NULL;
			b->take_ns = now;
			return b;
		}
		if (++i == size)
			i = 0;
	}
	return NULL;
}

/**
 * lw_batch_add() - add a packet that was taken
 * @b: an open batch
 * @f: its flight
 *
 * Return: false if its origin does not fit.
 */
bool lw_batch_add(struct lw_batch *b, const struct lw_flight *f)
{
	u64 begin = f->begin_ns;
	unsigned int i;

	/* the newest first: that is where a burst's next packet belongs */
	for (i = b->groups; i; i--)
		if (b->group[i - 1].begin_ns == begin)
			break;
	if (!i) {
		if (b->groups == LW_BATCH_GROUPS)
			return false;
		i = ++b->groups;
		b->group[i - 1].begin_ns = begin;
		b->group[i - 1].packets = 0;
		if (!b->packets || begin < b->flight.begin_ns)
			b->flight = *f;
	}
	b->group[i - 1].packets++;
	WRITE_ONCE(b->packets, b->packets + 1);
	return true;
}

/**
 * lw_batch_free() - give a batch back
 * @b: a batch that the caller owns
 */
void lw_batch_free(struct lw_batch *b)
{
	WRITE_ONCE(b->packets, 0);
	/* pairs with the cmpxchg() in lw_batch_claim() */
	smp_store_release(&b->state, LW_BATCH_FREE);
}

/* the line that counts the same of a passed through device's interrupt */
static enum lw_ledger device_line(enum lw_ledger line)
{
	switch (line) {
	case LW_DELIVERED_ENTRY:
		return LW_DEVICE_ENTERED;
	case LW_DELIVERED_KICK:
		return LW_DEVICE_KICKED;
	case LW_DELIVERED_POSTED:
		return LW_DEVICE_POSTED;
	case LW_LOST_VECTOR_FULL:
		return LW_DEVICE_LOST_VECTOR_FULL;
	default:
		return LW_DEVICE_LOST_VM_GONE;
	}
}

/**
 * lw_batch_close() - account for a batch, and give it back
 * @ev: where
 * @b: a batch that the caller owns
 * @line: what of packets becomes of it
 */
void lw_batch_close(struct lw_event *ev, struct lw_batch *b, enum lw_ledger line)
{
	if (b->origin == LATWATCH_ORIGIN_DEVICE)
		line = device_line(line);
	lw_count(ev->cpu->id, lw_vm_account(b->vm), line, b->packets);
	lw_batch_free(b);
}

/**
 * lw_batch_packets() - count what is in flight
 * @vm: of which VM, NULL for all
 * @state: in which state
 * @device: interrupts of devices that are passed through, or packets
 *
 * Return: packets. Exact when nothing moves.
 */
u64 lw_batch_packets(const struct lw_vm *vm, enum lw_batch_state state,
		     bool device)
{
	unsigned int i;
	u64 n = 0;

	for (i = 0; i < size; i++)
		if (READ_ONCE(batches[i].state) == state &&
		    (READ_ONCE(batches[i].origin) ==
		     LATWATCH_ORIGIN_DEVICE) == device &&
		    (!vm || READ_ONCE(batches[i].vm) == vm))
			n += READ_ONCE(batches[i].packets);
	return n;
}

/**
 * lw_batch_used() - count batches in use
 *
 * Return: how many.
 */
unsigned int lw_batch_used(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < size; i++)
		n += READ_ONCE(batches[i].state) != LW_BATCH_FREE;
	return n;
}
