/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The log-linear histogram: 16 buckets to an octave, up to 64 s.
 *
 * A value's bucket is its four bits after the leading one, below its
 * exponent; values under 16 have a bucket each. The width of a bucket is
 * at most 1/16 of its lower bound, which bounds the relative error of any
 * percentile read from it. What is longer than 2^LW_HIST_BITS ns is in the last
 * bucket, which has no upper bound. The same layout is described as
 * "HdrHistogram" by Gil Tene.
 */
#ifndef LW_HIST_H
#define LW_HIST_H

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define LW_HIST_SUB_BITS	4
#define LW_HIST_SUB		BIT(LW_HIST_SUB_BITS)
#define LW_HIST_BITS		36
#define LW_HIST_BUCKETS		((LW_HIST_BITS - LW_HIST_SUB_BITS + 1) * \
				 LW_HIST_SUB + 1)

static __always_inline unsigned int lw_hist_bucket(u64 value)
{
	unsigned int shift;

	if (value < LW_HIST_SUB)
		return value;
	if (unlikely(value >> LW_HIST_BITS))
		return LW_HIST_BUCKETS - 1;
	shift = __fls(value) - LW_HIST_SUB_BITS;
	return (shift << LW_HIST_SUB_BITS) + (value >> shift);
}

/* lower bound of a bucket, inclusive */
static inline u64 lw_hist_low(unsigned int bucket)
{
	unsigned int shift;

	if (bucket < 2 * LW_HIST_SUB)
		return bucket;
	shift = (bucket >> LW_HIST_SUB_BITS) - 1;
	return (u64)(LW_HIST_SUB + bucket % LW_HIST_SUB) << shift;
}

/* upper bound of a bucket, inclusive */
static inline u64 lw_hist_high(unsigned int bucket)
{
	return bucket + 1 < LW_HIST_BUCKETS ? lw_hist_low(bucket + 1) - 1 :
					      U64_MAX;
}

#endif
