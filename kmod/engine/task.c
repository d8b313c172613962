// SPDX-License-Identifier: GPL-2.0
/* Slots of the tasks that are followed. See task.h. */
#include "books/books.h"
#include "engine/task.h"

struct lw_table lw_task_table;

/* slots whose task is nothing but a reader */
static atomic_t readers;

/*
 * Any process of this host becomes a reader by receiving a packet, and stays one
 * until it exits: a part of the table is left to those who have to do with VMs and
 * NICs.
 */
#define READERS_PART	4

/** lw_task_clear() - follow nobody any more; no probe may run */
void lw_task_clear(void)
{
	lw_table_clear(&lw_task_table, sizeof(struct lw_task));
	atomic_set(&readers, 0);
}

static int slot_of(const struct lw_task *s)
{
	return s - (struct lw_task *)lw_task_table.entries;
}

/* nothing is left of the task before; who woke it may have written after its end */
static void wipe(struct lw_task *s)
{
	lw_unwatch(s);
	memset(s, 0, offsetof(struct lw_task, wake.flight));
	lw_flight_clear(&s->wake.flight);
	lw_flight_clear(&s->flight);
	lw_flight_clear(&s->kick);
	lw_flight_clear(&s->taken);
}

/* an empty slot for a task, or the one that somebody else has just got it */
static struct lw_task *get_slot(const struct task_struct *t, bool reader)
{
	unsigned int try_nr;
	struct lw_task *s;
	int slot;

	for (try_nr = 0; try_nr < LW_CLAIM_TRIES; try_nr++) {
		slot = lw_table_claim(&lw_task_table, t);
		if (slot < 0)
			return NULL;
		s = (struct lw_task *)lw_task_table.entries + slot;
		wipe(s);
		WRITE_ONCE(s->task, t);
		if (reader) {
			s->reader = true;
			atomic_inc(&readers);
		}
		if (likely(lw_table_settle(&lw_task_table, slot, t)))
			return s;
		lw_task_free(s);
		s = lw_task_find(t);
		if (s)
			return s;
	}
	return NULL;
}

static struct lw_task *claim(struct lw_event *ev, const struct task_struct *t,
			     bool reader)
{
	struct lw_task *s;

	if (unlikely(READ_ONCE(t->flags) & PF_EXITING))
		return NULL;
	s = get_slot(t, reader);
	if (unlikely(!s)) {
		lw_count(ev->cpu->id, LW_HOST, LW_NOTE_TASK_FULL, 1);
		return NULL;
	}
	if (t == ev->task) {
		ev->cpu->current_slot = s;
		return s;
	}
	/* the flag is set long before lw_task_gone() looks for the slot */
	smp_mb();
	if (likely(!(READ_ONCE(t->flags) & PF_EXITING)))
		return s;
	if (lw_task_take(s, t))
		lw_task_free(s);
	return NULL;
}

/**
 * lw_task_claim() - begin to follow a task
 * @ev: where
 * @t: a task that has no slot
 *
 * The task itself on its CPU and somebody who wakes it on another may come here
 * at the same moment: see lw_table_settle(). A task that exits is not followed
 * again after lw_task_gone().
 *
 * Return: the slot, or NULL when the table is full, which is counted, or the
 * task exits.
 */
struct lw_task *lw_task_claim(struct lw_event *ev, const struct task_struct *t)
{
	return claim(ev, t, false);
}

/**
 * lw_task_claim_reader() - begin to follow a task that is woken to read packets
 * @ev: where
 * @t: a task that has no slot
 *
 * As lw_task_claim(), but readers get no more than their part of the table. CPUs
 * that do this at the same moment may exceed it by one slot each.
 *
 * Return: the slot, or NULL when there is none for it, which is counted, or the
 * task exits.
 */
struct lw_task *lw_task_claim_reader(struct lw_event *ev,
				     const struct task_struct *t)
{
	unsigned int part = DIV_ROUND_UP(lw_task_table.size, READERS_PART);

	if (unlikely(atomic_read(&readers) >= part)) {
		lw_count(ev->cpu->id, LW_HOST, LW_NOTE_TASK_FULL, 1);
		return NULL;
	}
	return claim(ev, t, true);
}

/**
 * lw_task_no_reader() - a task is more than a reader, or followed no more
 * @s: its slot
 */
void lw_task_no_reader(struct lw_task *s)
{
	/* the task itself and who wakes it may both come here */
	if (READ_ONCE(s->reader) && xchg(&s->reader, false))
		atomic_dec(&readers);
}

/**
 * lw_task_take() - become the one who frees a task's slot
 * @s: the slot that it was found in
 * @t: the task, exiting
 *
 * Return: false if somebody else is.
 */
bool lw_task_take(struct lw_task *s, const struct task_struct *t)
{
	return lw_table_take(&lw_task_table, slot_of(s), t);
}

/**
 * lw_task_free() - follow a task no more
 * @s: its slot, claimed or taken, without a batch and without a VM
 */
void lw_task_free(struct lw_task *s)
{
	lw_task_no_reader(s);
	lw_unwatch(s);
	WRITE_ONCE(s->task, NULL);
	lw_table_free(&lw_task_table, slot_of(s));
}
