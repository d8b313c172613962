/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_ROWS_H
#define LW_ROWS_H

#include <stdio.h>

#include "column.h"

/**
 * struct lw_rows - the table of one path: a row for each stage
 * @split: of the worst flight, which the rows refer to
 * @books: likewise the path's
 * @row: in the order of the way
 * @nr: how many
 */
struct lw_rows {
	struct lw_split split;
	struct lw_report_books books;
	struct lw_row *row;
	size_t nr;
};

int lw_rows_collect(const struct lw_report *report, const struct lw_report_vm *vm,
		    uint32_t path, struct lw_rows *rows);
void lw_rows_clear(struct lw_rows *rows);
bool lw_row_has(const struct lw_row *row, const struct lw_column *column);
void lw_print_residual(const struct lw_report *report, const struct lw_row *row,
		       FILE *out);

#endif
