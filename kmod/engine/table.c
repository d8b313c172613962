// SPDX-License-Identifier: GPL-2.0
/* Tables of keys: what is not on the way of a look-up. See table.h. */
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/processor.h>
#include <linux/string.h>

#include "alloc.h"
#include "engine/table.h"

/* a search may not come back to where it began */
static unsigned int lines_of(unsigned int size)
{
	return max_t(unsigned int, DIV_ROUND_UP(2 * size, LW_TABLE_WAYS),
		     LW_TABLE_LINES);
}

static unsigned int hints_bits(unsigned int size)
{
	return ilog2(roundup_pow_of_two(16 * size));
}

/**
 * lw_table_bytes() - what a table takes
 * @size: how many keys it is to hold
 * @entry: bytes to keep for each
 *
 * Return: bytes.
 */
size_t lw_table_bytes(unsigned int size, size_t entry)
{
	size_t line = sizeof(struct lw_bucket) + LW_TABLE_WAYS * entry;

	return line * lines_of(size) +
	       (sizeof(atomic_t) << hints_bits(size));
}

/**
 * lw_table_init() - make room for a number of keys
 * @t: the table, zeroed
 * @size: how many keys it is to hold
 * @entry: bytes to keep for each, zeroed at first
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int lw_table_init(struct lw_table *t, unsigned int size, size_t entry)
{
	unsigned int hint_bits = hints_bits(size);
	size_t slots;

	t->lines = lines_of(size);
	t->hint_shift = 64 - hint_bits;
	t->size = size;
	slots = lw_table_slots(t);
	t->bytes = lw_table_bytes(size, entry);
	t->bucket = kvcalloc(t->lines, sizeof(*t->bucket), LW_GFP);
	t->entries = kvcalloc(slots, entry, LW_GFP);
	t->hint = kvzalloc(sizeof(*t->hint) << hint_bits, LW_GFP);
	if (t->bucket && t->entries && t->hint)
		return 0;
	lw_table_exit(t);
	return -ENOMEM;
}

/**
 * lw_table_clear() - forget all keys and entries
 * @t: the table; no probe may run
 * @entry: as given to lw_table_init()
 */
void lw_table_clear(struct lw_table *t, size_t entry)
{
	memset(t->bucket, 0, array_size(t->lines, sizeof(*t->bucket)));
	memset(t->entries, 0, array_size(lw_table_slots(t), entry));
	memset(t->hint, 0, sizeof(*t->hint) << (64 - t->hint_shift));
	atomic_set(&t->used, 0);
}

/**
 * lw_table_exit() - free keys and entries
 * @t: the table; no probe may run any more
 */
void lw_table_exit(struct lw_table *t)
{
	kvfree(t->hint);
	t->hint = NULL;
	kvfree(t->entries);
	t->entries = NULL;
	kvfree(t->bucket);
	t->bucket = NULL;
}

/**
 * lw_table_claim() - find a slot for a new key
 * @t: the table
 * @key: an address that is not in the table
 *
 * The slot is busy: fill it, then lw_table_publish().
 *
 * Return: the slot, or -1 when the table or the key's lines are full.
 */
int lw_table_claim(struct lw_table *t, const void *key)
{
	unsigned long busy = (unsigned long)key | LW_TABLE_BUSY;
	unsigned int line = lw_table_line(t, key);
	unsigned int n, way;

	if (atomic_inc_return(&t->used) > t->size)
		goto full;

	for (n = 0; n < LW_TABLE_LINES; n++) {
		struct lw_bucket *b = &t->bucket[line];

		for (way = 0; way < LW_TABLE_WAYS; way++) {
			if (READ_ONCE(b->key[way]))
				continue;
			if (cmpxchg(&b->key[way], 0, busy))
				continue;
			atomic_inc(lw_table_hint(t, key));
			return line * LW_TABLE_WAYS + way;
		}
		/*
		 * Stays set for good: clearing it would need to know that no
		 * key of this line lives further on. A line that overflowed
		 * once costs each look-up one more line.
		 */
		WRITE_ONCE(b->overflowed, 1);
		line = lw_table_next(t, line);
	}
full:
	atomic_dec(&t->used);
	return -1;
}

/*
 * The first other slot of a key, published or not, but not void; or -1. Who claims one
 * further on has said before that this line overflowed.
 */
static int find_duplicate(const struct lw_table *t, int slot, const void *key)
{
	unsigned int line = lw_table_line(t, key);
	unsigned int n, way;

	smp_mb(); /* after the claim; pairs with itself on the other CPU */
	for (n = 0; n < LW_TABLE_LINES; n++) {
		const struct lw_bucket *b = &t->bucket[line];

		for (way = 0; way < LW_TABLE_WAYS; way++) {
			int other = line * LW_TABLE_WAYS + way;

			if (other != slot && (READ_ONCE(b->key[way]) &
			    ~LW_TABLE_BUSY) == (unsigned long)key)
				return other;
		}
		if (likely(!READ_ONCE(b->overflowed)))
			return -1;
		line = lw_table_next(t, line);
	}
	return -1;
}

/**
 * lw_table_settle() - publish a slot, unless its key has another
 * @t: a table of which slots are taken, once they are published, only to be
 *     freed
 * @slot: a slot that the caller claimed and filled
 * @key: its key
 *
 * Two contexts that claim the same key at the same time each get a slot. Of two
 * that look for each other after their claims at least one sees the other, and
 * does not publish before it has made the other's claim void, by the exchange
 * that the other would publish with. So one of the two gets on wherever the
 * other has stopped. The one whose slot comes first does so at once, the other
 * looks LW_DUPLICATE_TRIES times before.
 *
 * Return: false if the slot was not published: free it, look the key up, and
 * claim again if it is not there.
 */
bool lw_table_settle(struct lw_table *t, int slot, const void *key)
{
	unsigned long want = (unsigned long)key, busy = want | LW_TABLE_BUSY;
	unsigned int try_nr;

	for (try_nr = 0; try_nr <= LW_DUPLICATE_TRIES; try_nr++) {
		int duplicate = find_duplicate(t, slot, key);
		unsigned long *other;

		/* pairs with lw_table_find() */
		if (likely(duplicate < 0))
			return cmpxchg(lw_table_key(t, slot), busy, want) ==
			       busy;
		other = lw_table_key(t, duplicate);
		if (READ_ONCE(*other) == want)
			return false;
		if (slot < duplicate || try_nr + 1 == LW_DUPLICATE_TRIES)
			cmpxchg(other, busy, busy | LW_TABLE_VOID);
		else
			cpu_relax();
	}
	return false;
}
