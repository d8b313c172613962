/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table of keys, fixed in size, shared by all CPUs without a lock.
 *
 * Takes addresses (of tasks, of skbs) and gives slot numbers; the entry kept
 * in a slot is the caller's.  A bucket is one cache line: seven keys
 * and a word that says whether an eighth was ever sent on to the next line.
 * A look-up therefore touches one line unless a line overflowed, and never
 * more than LW_TABLE_LINES.
 *
 * Most look-ups are for what is not there: any task that is switched to, any
 * skb that is freed.  They are answered by a count of keys by a finer hash,
 * with one load; it is 16 times as large as the table, so that one in sixteen
 * goes on to the line at most.
 *
 * A key is claimed and freed with one compare-and-exchange.  Its lowest bit
 * says that its holder is at work in the slot: nobody else finds it then.  The
 * next says that the claim is void: another of the same key came before it.
 * Any context, NMI excepted, may call any of these at any time.
 */
#ifndef LW_TABLE_H
#define LW_TABLE_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/types.h>

#define LW_TABLE_WAYS	7
#define LW_TABLE_LINES	4
#define LW_TABLE_BUSY	1UL
#define LW_TABLE_VOID	2UL

/* how often to look whether the twin of a claim has gone, or has come to stay */
#define LW_DUPLICATE_TRIES	16
/* how often to claim again what others claim, too */
#define LW_CLAIM_TRIES	16

struct lw_bucket {
	unsigned long key[LW_TABLE_WAYS];
	unsigned long overflowed;
} ____cacheline_aligned;

/**
 * struct lw_table - keys and their slots
 * @bucket: the lines; slot number = line * LW_TABLE_WAYS + way
 * @entries: what is kept in the slots, an array of the caller's type
 * @hint: how many keys there are of each finer hash
 * @bytes: memory that all three take
 * @lines: entries of @bucket
 * @hint_shift: from a product to its hint
 * @size: how many keys were asked for; the lines hold at least twice that,
 *        so that a full table still finds most keys in their first line
 * @used: keys in the table; never above @size
 */
struct lw_table {
	struct lw_bucket *bucket;
	void *entries;
	atomic_t *hint;
	size_t bytes;
	unsigned int lines;
	u8 hint_shift;
	unsigned int size;
	atomic_t used;
};

size_t lw_table_bytes(unsigned int size, size_t entry);
int lw_table_init(struct lw_table *t, unsigned int size, size_t entry);
void lw_table_clear(struct lw_table *t, size_t entry);
void lw_table_exit(struct lw_table *t);
int lw_table_claim(struct lw_table *t, const void *key);
bool lw_table_settle(struct lw_table *t, int slot, const void *key);

/* slots there are, in use or not */
static inline unsigned int lw_table_slots(const struct lw_table *t)
{
	return LW_TABLE_WAYS * t->lines;
}

static inline unsigned long *lw_table_key(struct lw_table *t, int slot)
{
	return &t->bucket[slot / LW_TABLE_WAYS].key[slot % LW_TABLE_WAYS];
}

static __always_inline u64 lw_table_product(const void *key)
{
	return (unsigned long)key * GOLDEN_RATIO_64;
}

/* the line that a key belongs into; there are not as many as a power of two */
static __always_inline unsigned int lw_table_line(const struct lw_table *t,
						  const void *key)
{
	return (lw_table_product(key) >> 32) * t->lines >> 32;
}

static __always_inline unsigned int lw_table_next(const struct lw_table *t,
						  unsigned int line)
{
	return line + 1 < t->lines ? line + 1 : 0;
}

static __always_inline atomic_t *lw_table_hint(const struct lw_table *t,
					       const void *key)
{
	return &t->hint[lw_table_product(key) >> t->hint_shift];
}

/**
 * lw_table_may_have() - is a look-up worth the while?
 * @t: the table
 * @key: an address
 *
 * Return: false if the key is not in the table.
 */
static __always_inline bool lw_table_may_have(const struct lw_table *t,
					      const void *key)
{
	/* counted before lw_table_publish() releases the key */
	return READ_ONCE(t->hint[lw_table_product(key) >> t->hint_shift].counter);
}

/**
 * lw_table_find() - the slot of a key
 * @t: the table
 * @key: an address, at least 4-aligned
 *
 * Return: the slot, or -1.  Acquire: what the claimer wrote before
 * lw_table_publish() is seen.
 */
static __always_inline int lw_table_find(const struct lw_table *t,
					 const void *key)
{
	unsigned long want = (unsigned long)key;
	unsigned int line = lw_table_line(t, key);
	unsigned int n, way;

	if (!lw_table_may_have(t, key))
		return -1;
	for (n = 0; n < LW_TABLE_LINES; n++) {
		const struct lw_bucket *b = &t->bucket[line];

#pragma GCC unroll 7
		for (way = 0; way < LW_TABLE_WAYS; way++) {
			if (READ_ONCE(b->key[way]) != want)
				continue;
			smp_rmb(); /* pairs with lw_table_publish() */
			return line * LW_TABLE_WAYS + way;
		}
		if (likely(!READ_ONCE(b->overflowed)))
			return -1;
		line = lw_table_next(t, line);
	}
	return -1;
}

/**
 * lw_table_publish() - let others find a slot that was claimed or taken
 * @t: the table
 * @slot: the slot
 * @key: its key
 */
static inline void lw_table_publish(struct lw_table *t, int slot,
				    const void *key)
{
	/* pairs with lw_table_find() and lw_table_take() */
	smp_store_release(lw_table_key(t, slot), (unsigned long)key);
}

/**
 * lw_table_take() - become the only one at work in a slot
 * @t: the table
 * @slot: what lw_table_find() returned
 * @key: the key that it was found by
 *
 * Return: false if somebody else took or freed it in the meantime.
 */
static inline bool lw_table_take(struct lw_table *t, int slot, const void *key)
{
	unsigned long want = (unsigned long)key;

	return cmpxchg(lw_table_key(t, slot), want, want | LW_TABLE_BUSY) ==
	       want;
}

/**
 * lw_table_free() - give a slot back
 * @t: the table
 * @slot: a slot that the caller claimed or took; wiped clean already if the
 *        next claimer expects that
 */
static inline void lw_table_free(struct lw_table *t, int slot)
{
	unsigned long *k = lw_table_key(t, slot);
	unsigned long key = READ_ONCE(*k) & ~(LW_TABLE_BUSY | LW_TABLE_VOID);

	/* pairs with the cmpxchg() of lw_table_claim() */
	smp_store_release(k, 0);
	atomic_dec(lw_table_hint(t, (const void *)key));
	atomic_dec(&t->used);
}

#endif
