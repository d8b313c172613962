// SPDX-License-Identifier: GPL-2.0
/*
 * The one table of what can be said about a stage.  Takes from derive.c, gives
 * to the page, to JSON and to CSV, so that none of them knows a figure that the
 * others lack by oversight.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <linux/latwatch.h>

#include "column.h"

static void set_text(struct lw_cell *cell, const char *text)
{
	cell->kind = text ? LW_CELL_TEXT : LW_CELL_NONE;
	cell->text = text;
}

static void set_flag(struct lw_cell *cell, bool flag)
{
	cell->kind = LW_CELL_BOOL;
	cell->flag = flag;
}

static void set_value(struct lw_cell *cell, enum lw_cell_kind kind,
		      struct lw_value value)
{
	cell->kind = value.known ? kind : LW_CELL_NONE;
	cell->number = value.v;
}

static void set_real(struct lw_cell *cell, struct lw_real real)
{
	cell->kind = real.known ? LW_CELL_REAL_NS : LW_CELL_NONE;
	cell->real = real.v;
}

static void get_now(const struct lw_row *row, struct lw_cell *cell)
{
	set_value(cell, LW_CELL_NS, row->now);
}

static void get_vm(const struct lw_row *row, struct lw_cell *cell)
{
	if (row->vm)
		set_value(cell, LW_CELL_COUNT,
			  (struct lw_value){ row->vm->id, true });
}

static void get_pid(const struct lw_row *row, struct lw_cell *cell)
{
	if (row->vm)
		set_value(cell, LW_CELL_COUNT, row->vm->pid);
}

static void get_id(const struct lw_row *row, struct lw_cell *cell)
{
	set_value(cell, LW_CELL_COUNT,
		  (struct lw_value){ row->stage->id, true });
}

static void get_place(const struct lw_row *row, struct lw_cell *cell)
{
	set_value(cell, LW_CELL_COUNT, row->stage->place);
}

static void get_name(const struct lw_row *row, struct lw_cell *cell)
{
	set_text(cell, row->stage->name);
}

static void get_indented_name(const struct lw_row *row, struct lw_cell *cell)
{
	uint32_t flags = row->stage->flags;
	const char *before = flags & LATWATCH_STAGE_FLAGS_AFTER ? "after: " :
			     flags & LATWATCH_STAGE_FLAGS_NESTED ? "  " : "";

	if (row->stage->name)
		snprintf(cell->storage, sizeof(cell->storage), "%s%s",
			 before, row->stage->name);
	else
		snprintf(cell->storage, sizeof(cell->storage), "%sstage %u",
			 before, row->stage->id);
	set_text(cell, cell->storage);
}

static void get_path(const struct lw_row *row, struct lw_cell *cell)
{
	set_text(cell, lw_name_path(row->stage->path));
}

static void get_scope(const struct lw_row *row, struct lw_cell *cell)
{
	set_text(cell, row->stage->vm.known ? "vm" : "host");
}

static void get_unit(const struct lw_row *row, struct lw_cell *cell)
{
	set_text(cell, lw_name_unit(row->stage->unit));
}

static void get_scoped_unit(const struct lw_row *row, struct lw_cell *cell)
{
	const char *unit = lw_name_unit(row->stage->unit);
	const char *scope = row->stage->vm.known ? "" : "host";

	if (row->borrowed)
		scope = lw_name_path(row->stage->path);
	snprintf(cell->storage, sizeof(cell->storage), "%s%s%s",
		 scope, scope[0] ? " " : "", unit ? unit : "-");
	set_text(cell, cell->storage);
}

static void get_nested(const struct lw_row *row, struct lw_cell *cell)
{
	set_flag(cell, row->stage->flags & LATWATCH_STAGE_FLAGS_NESTED);
}

/* For who reads it back: whether VMs' tables have the row, too. */
static void get_shared(const struct lw_row *row, struct lw_cell *cell)
{
	set_flag(cell, row->stage->flags & LATWATCH_STAGE_FLAGS_HOST);
}

static void get_total(const struct lw_row *row, struct lw_cell *cell)
{
	set_flag(cell, row->stage->flags & LATWATCH_STAGE_FLAGS_TOTAL);
}

static void get_after(const struct lw_row *row, struct lw_cell *cell)
{
	set_flag(cell, row->stage->flags & LATWATCH_STAGE_FLAGS_AFTER);
}

static void get_by_task(const struct lw_row *row, struct lw_cell *cell)
{
	set_flag(cell, row->stage->flags & LATWATCH_STAGE_FLAGS_BY_TASK);
}

static void get_blind(const struct lw_row *row, struct lw_cell *cell)
{
	set_flag(cell, row->stage->flags & LATWATCH_STAGE_FLAGS_BLIND);
}

static void get_count(const struct lw_row *row, struct lw_cell *cell)
{
	/* A blind stage that counted nothing did not see that nothing came. */
	if (lw_stage_is_blind(row->stage))
		return;
	set_value(cell, LW_CELL_COUNT, row->stage->count);
}

static void get_min(const struct lw_row *row, struct lw_cell *cell)
{
	set_value(cell, LW_CELL_NS, row->stage->min_ns);
}

static void get_average(const struct lw_row *row, struct lw_cell *cell)
{
	set_real(cell, lw_stage_average(row->stage));
}

static void get_p50(const struct lw_row *row, struct lw_cell *cell)
{
	set_value(cell, LW_CELL_NS, lw_stage_percentile(row->stage, 5000));
}

static void get_p99(const struct lw_row *row, struct lw_cell *cell)
{
	set_value(cell, LW_CELL_NS, lw_stage_percentile(row->stage, 9900));
}

static void get_p99_9(const struct lw_row *row, struct lw_cell *cell)
{
	set_value(cell, LW_CELL_NS, lw_stage_percentile(row->stage, 9990));
}

static void get_max(const struct lw_row *row, struct lw_cell *cell)
{
	set_value(cell, LW_CELL_NS, row->stage->max_ns);
}

static void get_deviation(const struct lw_row *row, struct lw_cell *cell)
{
	set_real(cell, lw_stage_deviation(row->stage));
}

static void get_part(const struct lw_row *row, struct lw_cell *cell)
{
	if (row->stage->id < LW_SPLIT_STAGES)
		set_value(cell, LW_CELL_NS,
			  row->split->part_ns[row->stage->id]);
}

static void get_sum(const struct lw_row *row, struct lw_cell *cell)
{
	set_value(cell, LW_CELL_NS, row->stage->sum_ns);
}

static void get_sumsq(const struct lw_row *row, struct lw_cell *cell)
{
	if (lw_stage_sumsq(row->stage, &cell->square))
		cell->kind = LW_CELL_SQUARE;
}

static void get_unaccounted(const struct lw_row *row, struct lw_cell *cell)
{
	set_value(cell, LW_CELL_COUNT, row->books->unaccounted);
}

static void get_party(const struct lw_row *row, int side, struct lw_cell *cell)
{
	const struct lw_report_vm *vm = row->party->vm[side];

	if (vm)
		set_value(cell, LW_CELL_COUNT,
			  (struct lw_value){ vm->id, true });
}

static void get_vm_a(const struct lw_row *row, struct lw_cell *cell)
{
	get_party(row, LW_SIDE_A, cell);
}

static void get_vm_b(const struct lw_row *row, struct lw_cell *cell)
{
	get_party(row, LW_SIDE_B, cell);
}

static void get_figure(const struct lw_row *row, struct lw_cell *cell)
{
	set_text(cell, lw_name_figure(row->change->figure, false));
}

static void get_figure_with_unit(const struct lw_row *row, struct lw_cell *cell)
{
	set_text(cell, lw_name_figure(row->change->figure, true));
}

/* Counts and maxima are whole, the others are means. */
static void get_side(const struct lw_row *row, int side, struct lw_cell *cell)
{
	struct lw_real value = row->change->value[side];

	if (row->change->figure == LW_FIGURE_COUNT)
		cell->kind = LW_CELL_COUNT;
	else if (row->change->figure == LW_FIGURE_MAXIMUM)
		cell->kind = LW_CELL_NS;
	else
		cell->kind = LW_CELL_REAL_NS;
	if (!value.known || value.v > (long double)UINT64_MAX)
		cell->kind = LW_CELL_NONE;
	else
		cell->number = (uint64_t)roundl(value.v);
	cell->real = value.v;
}

static void get_a(const struct lw_row *row, struct lw_cell *cell)
{
	get_side(row, LW_SIDE_A, cell);
}

static void get_b(const struct lw_row *row, struct lw_cell *cell)
{
	get_side(row, LW_SIDE_B, cell);
}

static void get_diff(const struct lw_row *row, struct lw_cell *cell)
{
	set_real(cell, row->change->diff);
	if (cell->kind != LW_CELL_NONE)
		cell->kind = row->change->figure == LW_FIGURE_COUNT ?
			     LW_CELL_CHANGE_COUNT : LW_CELL_CHANGE_NS;
}

static void get_percent(const struct lw_row *row, struct lw_cell *cell)
{
	set_real(cell, row->change->percent);
	if (cell->kind != LW_CELL_NONE)
		cell->kind = LW_CELL_PERCENT;
}

static void get_noise(const struct lw_row *row, struct lw_cell *cell)
{
	set_real(cell, row->change->noise);
}

static void get_basis(const struct lw_row *row, struct lw_cell *cell)
{
	set_text(cell, lw_name_basis(row->change->basis));
}

static void get_verdict(const struct lw_row *row, struct lw_cell *cell)
{
	set_text(cell, lw_name_verdict(row->change->verdict));
}

static void get_why(const struct lw_row *row, struct lw_cell *cell)
{
	set_text(cell, lw_name_why(row->change->why));
}

/* A reason stands where a verdict would, or behind it. */
static void get_verdict_and_why(const struct lw_row *row, struct lw_cell *cell)
{
	const char *verdict = lw_name_verdict(row->change->verdict);
	const char *why = lw_name_why(row->change->why);

	if (!verdict && !why)
		return;
	snprintf(cell->storage, sizeof(cell->storage), "%s%s%s",
		 verdict ? verdict : "-", why ? ": " : "", why ? why : "");
	set_text(cell, cell->storage);
}

#define MACHINES (LW_IN_JSON | LW_IN_CSV)
#define ALL (LW_IN_PAGE | MACHINES)
#define PEOPLE (LW_IN_PAGE | LW_IN_COMPARISON)
#define COMPARED (LW_IN_COMPARISON | LW_IN_COMPARISON_DATA)
#define DATA (MACHINES | LW_IN_COMPARISON_DATA)

const struct lw_column lw_columns[] = {
	{ "vm_a", NULL, LW_IN_COMPARISON_DATA, false, get_vm_a },
	{ "vm_b", NULL, LW_IN_COMPARISON_DATA, false, get_vm_b },
	{ "vm", NULL, LW_IN_CSV, false, get_vm },
	{ "pid", NULL, LW_IN_CSV, false, get_pid },
	{ "id", NULL, DATA, false, get_id },
	{ "place", NULL, LW_IN_JSON, false, get_place },
	{ "path", NULL, DATA, false, get_path },
	{ "stage", NULL, DATA, false, get_name },
	{ NULL, "stage", PEOPLE, true, get_indented_name },
	{ "scope", NULL, DATA, false, get_scope },
	{ "per", NULL, DATA, false, get_unit },
	{ NULL, "per", PEOPLE, true, get_scoped_unit },
	{ "shared", NULL, LW_IN_JSON, false, get_shared },
	{ "nested", NULL, DATA, false, get_nested },
	{ "total", NULL, DATA, false, get_total },
	{ "after", NULL, DATA, false, get_after },
	{ "by_task", NULL, LW_IN_JSON, false, get_by_task },
	{ "blind", NULL, MACHINES, false, get_blind },
	{ "count", "count", ALL, false, get_count },
	{ "min_ns", "min", ALL, false, get_min },
	{ "avg_ns", "avg", ALL, false, get_average },
	{ "p50_ns", "p50", ALL, false, get_p50 },
	{ "p99_ns", "p99", ALL, false, get_p99 },
	{ "p99_9_ns", "p99.9", ALL, false, get_p99_9 },
	{ "max_ns", "max", ALL, false, get_max },
	{ "stddev_ns", "stddev", ALL, false, get_deviation },
	{ "in_the_worst_ns", "in the worst",
	  LW_IN_PAGE | LW_IN_CSV | LW_OF_FLIGHT, false, get_part },
	{ "sum_ns", NULL, MACHINES, false, get_sum },
	{ "sumsq_ns2", NULL, MACHINES, false, get_sumsq },
	{ "unaccounted", NULL, LW_IN_CSV, false, get_unaccounted },
	{ "now_ns", NULL, LW_IN_CSV, false, get_now },
	{ NULL, "figure", LW_IN_COMPARISON, true, get_figure },
	{ "figure", NULL, LW_IN_COMPARISON_DATA, false, get_figure_with_unit },
	{ "a", "A", COMPARED, false, get_a },
	{ "b", "B", COMPARED, false, get_b },
	{ "diff", "diff", COMPARED, false, get_diff },
	{ "diff_percent", "diff %", COMPARED, false, get_percent },
	{ "noise", "noise", COMPARED, false, get_noise },
	{ "basis", NULL, LW_IN_COMPARISON_DATA, false, get_basis },
	{ NULL, "verdict", LW_IN_COMPARISON, true, get_verdict_and_why },
	{ "verdict", NULL, LW_IN_COMPARISON_DATA, false, get_verdict },
	{ "why", NULL, LW_IN_COMPARISON_DATA, false, get_why },
};

const size_t lw_nr_columns = sizeof(lw_columns) / sizeof(lw_columns[0]);

/**
 * lw_column_find - a column by its key
 * @key: for machines, of one that there is
 *
 * Return: the column.
 */
const struct lw_column *lw_column_find(const char *key)
{
	size_t i = 0;

	while (!lw_columns[i].key || strcmp(lw_columns[i].key, key))
		i++;
	return &lw_columns[i];
}

static const char *signed_text(char *text, const char *format, long double real)
{
	snprintf(text, LW_TEXT_SIZE, format, real);
	/* Neither +0.0 nor -0.0. */
	if (!strpbrk(text, "123456789"))
		memmove(text, text + 1, strlen(text));
	return text;
}

static const char *change_of_time(char *text, long double ns)
{
	text[0] = '+';
	if (ns <= 0)
		return lw_text_us(text, (struct lw_real){ ns, true });
	lw_text_us(text + 1, (struct lw_real){ ns, true });
	if (!strcmp(text, "+0.0"))
		memmove(text, text + 1, strlen(text));
	return text;
}

/**
 * lw_cell_for_people - a cell as it stands in a table
 * @cell: the cell
 * @text: room of LW_TEXT_SIZE
 *
 * Return: @text, safe on a terminal, times in microseconds; "-" for what was
 * not measured.
 */
const char *lw_cell_for_people(const struct lw_cell *cell, char *text)
{
	struct lw_value value = { cell->number, true };

	switch (cell->kind) {
	case LW_CELL_TEXT:
		return lw_text_plain(text, cell->text);
	case LW_CELL_COUNT:
		return lw_text_count(text, value);
	case LW_CELL_NS:
		return lw_text_us(text, lw_real_of(value));
	case LW_CELL_REAL_NS:
		return lw_text_us(text, (struct lw_real){ cell->real, true });
	case LW_CELL_SQUARE:
		return lw_text_decimal(text, cell->square);
	case LW_CELL_BOOL:
		return strcpy(text, cell->flag ? "yes" : "no");
	case LW_CELL_CHANGE_COUNT:
		return signed_text(text, "%+.0Lf", cell->real);
	case LW_CELL_CHANGE_NS:
		return change_of_time(text, cell->real);
	case LW_CELL_PERCENT:
		return signed_text(text, "%+.1Lf", cell->real);
	case LW_CELL_NONE:
		break;
	}
	return strcpy(text, "-");
}

/**
 * lw_cell_for_machines - a number or a truth value as JSON and CSV write it
 * @cell: the cell
 * @text: room of LW_TEXT_SIZE
 *
 * Return: @text; NULL for text, which each of them quotes in its own way, and
 * for what was not measured.
 */
const char *lw_cell_for_machines(const struct lw_cell *cell, char *text)
{
	switch (cell->kind) {
	case LW_CELL_COUNT:
	case LW_CELL_NS:
		snprintf(text, LW_TEXT_SIZE, "%" PRIu64, cell->number);
		return text;
	case LW_CELL_REAL_NS:
	case LW_CELL_CHANGE_NS:
		snprintf(text, LW_TEXT_SIZE, "%.1Lf", cell->real);
		return text;
	case LW_CELL_CHANGE_COUNT:
		snprintf(text, LW_TEXT_SIZE, "%.0Lf", cell->real);
		return text;
	case LW_CELL_PERCENT:
		snprintf(text, LW_TEXT_SIZE, "%.2Lf", cell->real);
		return text;
	case LW_CELL_SQUARE:
		return lw_text_decimal(text, cell->square);
	case LW_CELL_BOOL:
		return strcpy(text, cell->flag ? "true" : "false");
	case LW_CELL_TEXT:
	case LW_CELL_NONE:
		break;
	}
	return NULL;
}
