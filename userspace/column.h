/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_COLUMN_H
#define LW_COLUMN_H

#include "compare.h"
#include "derive.h"
#include "format.h"
#include "model.h"

/**
 * struct lw_row - a stage on the way of a VM's packets
 * @vm: the VM, or NULL for the host
 * @stage: the stage, of the VM or of the host
 * @split: of the VM's worst flight on this path
 * @books: of the VM, or of the host, for this path
 * @now: when the report was made
 * @party: in a comparison, the VMs of both sides
 * @change: in a comparison, one figure of the stage on both sides
 * @borrowed: the stage is of another path that the worst flight took part of;
 *	      only its share in that flight belongs here
 */
struct lw_row {
	const struct lw_report_vm *vm;
	const struct lw_report_stage *stage;
	const struct lw_split *split;
	const struct lw_report_books *books;
	struct lw_value now;
	const struct lw_party *party;
	const struct lw_change *change;
	bool borrowed;
};

enum lw_cell_kind {
	LW_CELL_NONE,	/* was not measured */
	LW_CELL_TEXT,
	LW_CELL_COUNT,
	LW_CELL_NS,
	LW_CELL_REAL_NS,
	LW_CELL_SQUARE,
	LW_CELL_BOOL,
	LW_CELL_CHANGE_COUNT,
	LW_CELL_CHANGE_NS,
	LW_CELL_PERCENT,
};

/**
 * struct lw_cell - what stands in a row under a column
 * @kind: which of the others is set
 * @text: received or made text, not yet safe to print
 * @number: a count or nanoseconds
 * @real: nanoseconds, a percentage or a change of a count
 * @square: nanoseconds squared
 * @flag: yes or no
 * @storage: where @text may lie
 */
struct lw_cell {
	enum lw_cell_kind kind;
	const char *text;
	uint64_t number;
	long double real;
	lw_u128 square;
	bool flag;
	char storage[LW_TEXT_SIZE];
};

/* Where a column stands. */
#define LW_IN_PAGE	1u
#define LW_IN_JSON	2u
#define LW_IN_CSV	4u
/* Not of the stage, but of the worst flight. */
#define LW_OF_FLIGHT	8u
#define LW_IN_COMPARISON	16u	/* for people */
#define LW_IN_COMPARISON_DATA	32u

/**
 * struct lw_column - one figure of a stage
 * @key: for machines, with the unit
 * @title: for people; times are in microseconds
 * @where: LW_IN_*
 * @left: set flush left in a table
 * @get: fills the cell of a row
 */
struct lw_column {
	const char *key;
	const char *title;
	unsigned int where;
	bool left;
	void (*get)(const struct lw_row *row, struct lw_cell *cell);
};

extern const struct lw_column lw_columns[];
extern const size_t lw_nr_columns;

const struct lw_column *lw_column_find(const char *key);

const char *lw_cell_for_people(const struct lw_cell *cell, char *text);
const char *lw_cell_for_machines(const struct lw_cell *cell, char *text);

#endif
