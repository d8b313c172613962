// SPDX-License-Identifier: GPL-2.0
/* Slots of the tasks that are followed. See task.h. */
#include "books.h"
#include "task.h"

struct lw_table lw_task_table;

static int slot_of(const struct lw_task *s)
{
	return s - (struct lw_task *)lw_task_table.entries;
}

/* an empty slot for a task, or the one that somebody else has just got it */
static struct lw_task *get_slot(const struct task_struct *t)
{
	unsigned int turn;
	struct lw_task *s;
	int slot;

	for (turn = 0; turn < LW_CLAIM_TURNS; turn++) {
		slot = lw_table_claim(&lw_task_table, t);
		if (slot < 0)
			return NULL;
		s = (struct lw_task *)lw_task_table.entries + slot;
		/* who woke the task before in it may have written after its end */
		memset(s, 0, sizeof(*s));
		WRITE_ONCE(s->task, t);
		if (likely(lw_table_settle(&lw_task_table, slot, t)))
			return s;
		lw_task_free(s);
		s = lw_task_find(t);
		if (s)
			return s;
	}
	return NULL;
}

/**
 * lw_task_claim() - begin to follow a task
 * @at: where
 * @t: a task that has no slot
 *
 * The task itself on its CPU and somebody who wakes it on another may come here
 * at the same moment: see lw_table_settle(). A task that exits is not followed
 * again after lw_task_gone().
 *
 * Return: the slot, or NULL when the table is full, which is counted, or the
 * task exits.
 */
struct lw_task *lw_task_claim(struct lw_at *at, const struct task_struct *t)
{
	struct lw_task *s;

	if (unlikely(READ_ONCE(t->flags) & PF_EXITING))
		return NULL;
	s = get_slot(t);
	if (unlikely(!s)) {
		lw_count(at->cpu->id, LW_HOST, LW_NOTE_TASK_FULL, 1);
		return NULL;
	}
	if (t == at->task) {
		at->cpu->current_slot = s;
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
	WRITE_ONCE(s->task, NULL);
	lw_table_free(&lw_task_table, slot_of(s));
}
