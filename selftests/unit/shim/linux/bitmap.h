/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BITMAP_H
#define SHIM_LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/kernel.h>

#define BITS_PER_LONG		64
#define BITS_TO_LONGS(n)	DIV_ROUND_UP(n, BITS_PER_LONG)
#define DECLARE_BITMAP(name, bits) \
	unsigned long name[BITS_TO_LONGS(bits)]

static inline void __set_bit(unsigned int nr, unsigned long *map)
{
	map[nr / BITS_PER_LONG] |= BIT(nr % BITS_PER_LONG);
}

static inline void set_bit(unsigned int nr, unsigned long *map)
{
	__atomic_fetch_or(&map[nr / BITS_PER_LONG], BIT(nr % BITS_PER_LONG),
			  __ATOMIC_RELAXED);
}

static inline void clear_bit(unsigned int nr, unsigned long *map)
{
	__atomic_fetch_and(&map[nr / BITS_PER_LONG], ~BIT(nr % BITS_PER_LONG),
			   __ATOMIC_RELAXED);
}

static inline void clear_bit_unlock(unsigned int nr, unsigned long *map)
{
	__atomic_fetch_and(&map[nr / BITS_PER_LONG], ~BIT(nr % BITS_PER_LONG),
			   __ATOMIC_RELEASE);
}

static inline bool test_and_set_bit(unsigned int nr, unsigned long *map)
{
	return __atomic_fetch_or(&map[nr / BITS_PER_LONG], BIT(nr % BITS_PER_LONG),
				 __ATOMIC_SEQ_CST) & BIT(nr % BITS_PER_LONG);
}

static inline bool test_and_set_bit_lock(unsigned int nr, unsigned long *map)
{
	return __atomic_fetch_or(&map[nr / BITS_PER_LONG], BIT(nr % BITS_PER_LONG),
				 __ATOMIC_ACQUIRE) & BIT(nr % BITS_PER_LONG);
}

static inline unsigned long find_next_zero_bit(const unsigned long *map,
					       unsigned long bits, unsigned long from)
{
	unsigned long word, n = from / BITS_PER_LONG * BITS_PER_LONG;

	for (; n < bits; n += BITS_PER_LONG, from = n) {
		word = ~__atomic_load_n(&map[n / BITS_PER_LONG], __ATOMIC_RELAXED) &
		       ~0UL << from % BITS_PER_LONG;
		if (word)
			return n + __ffs(word) < bits ? n + __ffs(word) : bits;
	}
	return bits;
}

static inline unsigned long find_first_zero_bit(const unsigned long *map,
						unsigned long bits)
{
	return find_next_zero_bit(map, bits, 0);
}

static inline void bitmap_zero(unsigned long *map, unsigned int bits)
{
	__builtin_memset(map, 0, BITS_TO_LONGS(bits) * sizeof(*map));
}

static inline bool test_bit(unsigned int nr, const unsigned long *map)
{
	return __atomic_load_n(&map[nr / BITS_PER_LONG], __ATOMIC_RELAXED) &
	       BIT(nr % BITS_PER_LONG);
}

static inline unsigned long find_next_bit(const unsigned long *map,
					  unsigned long bits, unsigned long from)
{
	unsigned long word, n = from / BITS_PER_LONG * BITS_PER_LONG;

	for (; n < bits; n += BITS_PER_LONG, from = n) {
		word = __atomic_load_n(&map[n / BITS_PER_LONG], __ATOMIC_RELAXED) &
		       ~0UL << from % BITS_PER_LONG;
		if (word)
			return n + __ffs(word) < bits ? n + __ffs(word) : bits;
	}
	return bits;
}

#define for_each_set_bit(bit, map, bits) \
	for ((bit) = find_next_bit(map, bits, 0); (bit) < (bits); \
	     (bit) = find_next_bit(map, bits, (bit) + 1))

#endif
