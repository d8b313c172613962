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
 * The task itself on its CPU and somebody who wakes it on another may come here
 * at the same moment: see lw_table_twin(). A task that exits is not followed
 * again after lw_task_gone().
 *
 * Return: the slot, or NULL when the table is full, which is counted, or the
 * task exits.
 */
struct lw_task *lw_task_claim(struct lw_at *at, const struct task_struct *t)
{
	unsigned int attempt;
	struct lw_task *s;
	int slot;

	if (unlikely(READ_ONCE(t->flags) & PF_EXITING))
		return NULL;
	for (attempt = 0; attempt < 4; attempt++) {
		s = lw_task_find(t);
		if (s)
			goto found;
		slot = lw_table_claim(&lw_task_table, t);
		if (slot < 0)
			break;
		if (likely(!lw_table_twin(&lw_task_table, slot, t))) {
			s = (struct lw_task *)lw_task_table.entries + slot;
			WRITE_ONCE(s->task, t);
			lw_table_publish(&lw_task_table, slot, t);
			goto found;
		}
		lw_table_free(&lw_task_table, slot);
	}
	lw_count(at->cpu->id, LW_HOST, LW_NOTE_TASK_FULL, 1);
	return NULL;
found:
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
