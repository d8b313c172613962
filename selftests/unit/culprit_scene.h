/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of culprits share: waits of a backend, and what was met in them. */
#ifndef UNIT_CULPRIT_SCENE_H
#define UNIT_CULPRIT_SCENE_H

#include <stdlib.h>

#include "books/rank.h"
#include "scene.h"

/* those of the worst flight of a stage, and the sums of all */
static inline const struct lw_ranks *ranks(unsigned int account, enum latwatch_stage stage)
{
	static struct lw_ranks into, scratch;
	const struct lw_sum *s = m_stat(account, stage);

	if (lw_ranks_sum(lw_books, account, stage, s->worst_ns, &into, &scratch))
		abort();
	return &into;
}

/* how long a culprit filled the worst flight of a stage, from one mark on or all in all */
static inline u64 met(unsigned int account, enum latwatch_stage stage, u8 kind, u32 id, s32 pid)
{
	const struct lw_blamed *b = &ranks(account, stage)->worst;
	unsigned int i;
	u64 ns = 0;

	for (i = 0; i < b->n; i++)
		if (lw_culprit_is(b->by[i].kind, b->by[i].id, b->by[i].pid, kind, id, pid))
			ns += b->by[i].ns;
	return ns;
}

#define WORST(stage, kind, who) \
	met(LATWATCH_STAGE_##stage < LATWATCH_STAGE_NAPI ? LW_HOST : scene.vm, \
	    LATWATCH_STAGE_##stage, LATWATCH_CULPRIT_KIND_##kind, who, who)

/* how many culprits the worst of a stage has, and of what nobody knows */
static inline unsigned int culprits(enum latwatch_stage stage)
{
	return ranks(scene.vm, stage)->worst.n;
}

static inline u64 unknown(enum latwatch_stage stage)
{
	const struct lw_sum *s = m_stat(scene.vm, stage);

	EXPECT_EQ(s->explained_ns, s->worst_ns);
	return s->unknown_ns;
}

/* a packet wakes the backend at 100 us, whose CPU another task has, or none */
static inline void backend_is_woken(bool busy)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	if (busy)
		m_switch(VHOST_CPU, scene.other, M_SLEEPS);
	m_at(100);
	scene_rx(1, 1);
}

/* it runs, takes it and signals */
static inline void backend_answers(u64 us)
{
	m_at(us);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	scene_take(1, 1);
	scene_signal();
	scene_vhost_sleeps();
	scene_enter();
	scene_halt();
}

/* it has taken one at 100 us, and has not signalled it */
static inline void backend_serves(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	m_at(90);
	scene_rx(1, 1);
	m_at(100);
	scene_take(1, 1);
}

static inline void backend_signals(u64 us)
{
	m_at(us);
	scene_signal();
	scene_vhost_sleeps();
	scene_enter();
	scene_halt();
}

#endif
