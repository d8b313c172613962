// SPDX-License-Identifier: GPL-2.0
/*
 * The clock, read where that takes few instructions. See clock.h.
 *
 * Where the kernel makes its time of the CPU's own counter, ktime_get_mono_fast_ns()
 * is that counter, a multiplication and a sum, behind calls by pointer. The same is
 * done here without these: the kernel tells each change of the factors (a tick, a
 * correction of the rate, another clock source, the date) to the notifier that KVM
 * has for its guests' clocks, under the lock that it changes them under. So this is
 * CLOCK_MONOTONIC, not something that runs beside it.
 *
 * The factors are a latch, as the kernel's own: two copies, of which readers take the
 * one that is not being written.
 */
#include <linux/cache.h>
#include <linux/clocksource.h>
#include <linux/pvclock_gtod.h>
#include <linux/timekeeper_internal.h>

#include "engine/clock.h"

#if defined(CONFIG_X86)
#include <asm/msr.h>
#include <asm/tsc.h>
#define COUNTER_MODE	VDSO_CLOCKMODE_TSC
static __always_inline u64 counter(void)
{
	return rdtsc_ordered();
}
#elif defined(CONFIG_ARM64)
#include <asm/arch_timer.h>
#define COUNTER_MODE	VDSO_CLOCKMODE_ARCHTIMER
static __always_inline u64 counter(void)
{
	return __arch_counter_get_cntvct();
}
#endif

/**
 * struct lw_clock_factors - what makes a time of the counter
 *
 * Written by the notifier, under the timekeeper's lock; read by anybody.
 *
 * @last: the counter at the last update
 * @limit: how far it may be from there; 0: the counter is not the clock source
 * @base_ns: CLOCK_MONOTONIC then, whole seconds
 * @rest: the rest, in ns << @shift
 * @mult: ns << @shift of a count
 * @shift: see there
 */
struct lw_clock_factors {
	u64 last;
	u64 limit;
	u64 base_ns;
	u64 rest;
	u32 mult;
	u32 shift;
} __aligned(64);

/* @seq counts in bytes: it is where the copy is that can be read, modulo both */
#define COPY	sizeof(struct lw_clock_factors)

static struct {
	struct lw_clock_factors copy[2];
	u32 seq;
} latch;

static void set(struct lw_clock_factors *f, const struct tk_read_base *tkr)
{
	/* a counter that needs a workaround is in no vDSO either */
	bool is_counter = tkr->clock->vdso_clock_mode == COUNTER_MODE;

	WRITE_ONCE(f->last, tkr->cycle_last);
	/* half of what does not overflow: @rest comes on top */
	WRITE_ONCE(f->limit, is_counter ? tkr->clock->max_cycles >> 1 : 0);
	WRITE_ONCE(f->base_ns, ktime_to_ns(tkr->base));
	WRITE_ONCE(f->rest, tkr->xtime_nsec);
	WRITE_ONCE(f->mult, tkr->mult);
	WRITE_ONCE(f->shift, tkr->shift);
}

/* one at a time, interrupts off */
static int time_is_kept(struct notifier_block *nb, unsigned long was_set,
			void *data)
{
	const struct timekeeper *tk = data;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		/* readers go to the other copy; pairs with lw_clock_ns() */
		smp_wmb();
		WRITE_ONCE(latch.seq, latch.seq + COPY);
		smp_wmb(); /* and before this is written; the same pair */
		set(&latch.copy[i], &tk->tkr_mono);
	}
	return NOTIFY_OK;
}

static struct notifier_block timekeeper = { .notifier_call = time_is_kept };

/**
 * lw_clock_ns() - CLOCK_MONOTONIC, now
 *
 * Context: any.
 * Return: what ktime_get_mono_fast_ns() returns.
 */
notrace u64 lw_clock_ns(void)
{
	const struct lw_clock_factors *f;
	u64 delta, ns;
	u32 seq;

	do {
		seq = READ_ONCE(latch.seq);
		smp_rmb(); /* pairs with time_is_kept() */
		f = (const void *)latch.copy + (seq & COPY);
		delta = counter() - READ_ONCE(f->last);
		/* not the clock source, behind the last update, or long after it */
		if (unlikely(delta >= READ_ONCE(f->limit)))
			return ktime_get_mono_fast_ns();
		ns = READ_ONCE(f->base_ns) +
		     ((delta * READ_ONCE(f->mult) + READ_ONCE(f->rest)) >>
		      READ_ONCE(f->shift));
		smp_rmb(); /* pairs with time_is_kept() */
	} while (unlikely(READ_ONCE(latch.seq) != seq));
	return ns;
}

/**
 * lw_clock_init() - learn how the kernel makes its time
 *
 * Return: 0 or a negative error.
 */
int lw_clock_init(void)
{
	return pvclock_gtod_register_notifier(&timekeeper);
}

/** lw_clock_exit() - learn it no more; nobody may read the clock after this */
void lw_clock_exit(void)
{
	pvclock_gtod_unregister_notifier(&timekeeper);
}
