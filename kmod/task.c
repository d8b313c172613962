// SPDX-License-Identifier: GPL-2.0
/* Slots of the tasks that are followed. See task.h. */
#include "books.h"
#include "task.h"

struct lw_table lw_task_table;

/**
 * lw_task_claim() - begin to follow a task
 * @at: where
 * @t: a task that has no slot
 *
 * Two contexts may come here for one task at the same time: the task itself
 * on its CPU and somebody who wakes it on another. Both claim; then both look
 * the task up, find the same slot, and the one who holds the other frees it.
 *
 * Return: the slot, or NULL when the table is full, which is counted.
 */
struct lw_task *lw_task_claim(struct lw_at *at, const struct task_struct *t)
{
	int slot = lw_table_claim(&lw_task_table, t);
	struct lw_task *s;

	if (slot < 0) {
		lw_count(at->cpu->id, LW_HOST, LW_NOTE_TASK_FULL, 1);
		return NULL;
	}
	s = (struct lw_task *)lw_task_table.entries + slot;
	WRITE_ONCE(s->task, t);
	lw_table_publish(&lw_task_table, slot, t);
	smp_mb(); /* pairs with itself on the other CPU: one sees the other */
	if (unlikely(lw_table_find(&lw_task_table, t) != slot)) {
		lw_task_free(s);
		s = lw_task_find(t);
	}
	if (t == at->task)
		at->cpu->current_slot = s;
	return s;
}

/**
 * lw_task_free() - follow a task no more
 * @s: its slot, without a batch and without a VM
 *
 * Context: the task itself, exiting.
 */
void lw_task_free(struct lw_task *s)
{
	memset(s, 0, sizeof(*s));
	lw_table_free(&lw_task_table,
		      s - (struct lw_task *)lw_task_table.entries);
}
