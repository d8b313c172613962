// SPDX-License-Identifier: GPL-2.0
/* Slots of the tasks that are followed. See task.h. */
#include <linux/processor.h>

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
 * Return: the slot, or NULL when the table is full, or another CPU's claim of
 * the same task does not get on, both of which are counted, or the task exits.
 */
struct lw_task *lw_task_claim(struct lw_at *at, const struct task_struct *t)
{
	unsigned int turn;
	struct lw_task *s;
	int slot, twin;

	if (unlikely(READ_ONCE(t->flags) & PF_EXITING))
		return NULL;
	slot = lw_table_claim(&lw_task_table, t);
	if (slot < 0)
		goto none;
	for (turn = 0; turn < LW_TWIN_TURNS; turn++) {
		twin = lw_table_twin(&lw_task_table, slot, t);
		if (likely(twin < 0)) {
			s = (struct lw_task *)lw_task_table.entries + slot;
			WRITE_ONCE(s->task, t);
			lw_table_publish(&lw_task_table, slot, t);
			goto found;
		}
		if (twin < slot || lw_task_find(t))
			break;
		cpu_relax();
	}
	lw_table_free(&lw_task_table, slot);
	for (turn = 0; turn < LW_TWIN_TURNS; turn++) {
		s = lw_task_find(t);
		if (s)
			goto found;
		cpu_relax();
	}
none:
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
