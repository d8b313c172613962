/* SPDX-License-Identifier: GPL-2.0 */
/* xorshift64*: the same numbers on every machine, for a seed that is told. */
#ifndef UNIT_RANDOM_H
#define UNIT_RANDOM_H

#include <linux/types.h>

static inline u64 random_u64(u64 *state)
{
	u64 x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545F4914F6CDD1DULL;
}

static inline unsigned int random_below(u64 *state, unsigned int n)
{
	return (random_u64(state) >> 32) % n;
}

/* few bits as often as many */
static inline u64 random_spread(u64 *state)
{
	return random_u64(state) >> random_below(state, 64);
}

#endif
