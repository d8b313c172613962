// SPDX-License-Identifier: GPL-2.0
/*
 * Which stages a path's table has.  Takes the model, gives rows to the views.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/latwatch.h>

#include "rows.h"

/*
 * A blind stage that counted nothing keeps its row, or its absence would pass
 * for a way that packets do not take.
 */
static bool has_row(const struct lw_report_stage *stage)
{
	return stage->count.v || stage->flags & LATWATCH_STAGE_FLAGS_BLIND;
}

static int add_row(struct lw_rows *rows, const struct lw_row *like,
		   const struct lw_report_stage *stage, bool borrowed)
{
	struct lw_row *row = lw_array_add(&rows->row, &rows->nr, sizeof(*row));

	if (!row)
		return -ENOMEM;
	*row = *like;
	row->stage = stage;
	row->borrowed = borrowed;
	return 0;
}

/*
 * Stages of other paths that the worst flight passed come first: they lie
 * before it was known where the packet would go.
 */
static int borrow_rows(const struct lw_report *report, uint32_t path,
		       const struct lw_row *like, struct lw_rows *rows)
{
	uint64_t seen = 0;
	size_t i;
	int err = 0;

	for (i = 0; !err && i < report->nr_stages; i++) {
		const struct lw_report_stage *stage = &report->stages[i];

		if (stage->path == path || stage->id >= LW_SPLIT_STAGES ||
		    !like->split->part_ns[stage->id].known ||
		    seen & 1ull << stage->id)
			continue;
		seen |= 1ull << stage->id;
		err = add_row(rows, like, stage, true);
	}
	return err;
}

static int collect_rows(const struct lw_report *report, uint32_t path,
			const struct lw_row *like, struct lw_rows *rows)
{
	const struct lw_report_stage *stage = NULL;
	int err = 0;

	while (!err &&
	       (stage = lw_report_next_stage(report, like->vm, path, stage)))
		if (has_row(stage))
			err = add_row(rows, like, stage, false);
	return err;
}

/**
 * lw_rows_collect - the rows of one path
 * @report: the report, settled
 * @vm: the VM, or NULL for the host
 * @path: enum latwatch_path
 * @rows: is set, to be cleared; rows point into it
 *
 * Return: 0, or -ENOMEM.
 */
int lw_rows_collect(const struct lw_report *report, const struct lw_report_vm *vm,
		    uint32_t path, struct lw_rows *rows)
{
	struct lw_row like = {
		.vm = vm, .split = &rows->split, .books = &rows->books,
	};
	int err;

	rows->row = NULL;
	rows->nr = 0;
	lw_watermark_split(report, lw_report_worst(report, vm, path), path,
			   &rows->split);
	lw_ledger_books(lw_report_find_ledger(report, vm), path, &rows->books);
	err = borrow_rows(report, path, &like, rows);
	return err ? err : collect_rows(report, path, &like, rows);
}

/**
 * lw_rows_clear - free what lw_rows_collect() took, also where it failed
 * @rows: the rows
 */
void lw_rows_clear(struct lw_rows *rows)
{
	free(rows->row);
	rows->row = NULL;
	rows->nr = 0;
}

/**
 * lw_row_has - whether a figure of a row belongs to its table
 * @row: the row
 * @column: the figure
 *
 * Return: false for a figure of another path's stage, of which only the share in the
 * worst flight is this one's.
 */
bool lw_row_has(const struct lw_row *row, const struct lw_column *column)
{
	return !row->borrowed || column->left || column->where & LW_OF_FLIGHT;
}
