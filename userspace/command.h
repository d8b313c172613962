/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_COMMAND_H
#define LW_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "collect.h"
#include "extreme/run.h"
#include "color.h"
#include "side.h"
#include "view.h"
#include "view_compare.h"

#define LW_NAME "latwatch-report"

enum lw_task {
	LW_TASK_VIEW,
	LW_TASK_COMPARE,
	LW_TASK_RESET,
	LW_TASK_SET,
	LW_TASK_BUDGET,
	LW_TASK_MONITOR,
	LW_TASK_BOUND,
	LW_TASK_VERSION,
	LW_TASK_HELP,
	LW_TASK_EXPLAIN,
};

/**
 * struct lw_command - what the user asked for
 * @given: options that were given, bits of enum lw_option_id
 * @task: what to do
 * @view: how to show a report
 * @compare_view: how to show a comparison
 * @for_people: the view is text
 * @want: what to read
 * @stage: for the histogram, for windows and for why
 * @cols: of the screen as text
 * @rows: likewise
 * @explained: for LW_TASK_EXPLAIN
 * @flights: for worst: how many; 0: all
 * @changes: for LW_TASK_SET
 * @nr_changes: how many
 * @interval_ms: of a watch; 0: once
 * @count: how many reports; 0: without an end
 * @saved: the file to read instead of the module, or NULL
 * @file: of limits, for LW_TASK_BUDGET; of maxima, for LW_TASK_BOUND, or NULL
 * @bound: what is asked for, for LW_TASK_BOUND
 * @sides: names of two sets of saved reports, for LW_TASK_COMPARE
 * @color: when to print in color
 */
struct lw_command {
	uint32_t given;
	enum lw_task task;
	lw_view *view;
	lw_compare_view *compare_view;
	bool for_people;
	struct lw_want want;
	const char *stage;
	int cols;
	int rows;
	const char *explained;
	unsigned long flights;
	struct lw_setting changes[LW_SWITCHES];
	size_t nr_changes;
	int interval_ms;
	unsigned long count;
	const char *saved;
	const char *file;
	struct lw_bound_request bound;
	const char *sides[LW_SIDES];
	enum lw_color_when color;
};

/* Places of the table of options, in the order of the help and of the man page. */
enum lw_option_id {
	LW_OPT_VMS,
	LW_OPT_CPUS,
	LW_OPT_LEDGER,
	LW_OPT_COST,
	LW_OPT_HISTOGRAM,
	LW_OPT_JSON,
	LW_OPT_CSV,
	LW_OPT_SCREEN,
	LW_OPT_HTML,
	LW_OPT_TRACE,
	LW_OPT_VM,
	LW_OPT_READ,
	LW_OPT_WATCH,
	LW_OPT_COUNT,
	LW_OPT_COLOR,
	LW_OPT_WORST,
	LW_OPT_WHY,
	LW_OPT_EXPLAIN,
	LW_OPT_COMPARE,
	LW_OPT_RESET,
	LW_OPT_SET,
	LW_OPT_BUDGET,
	LW_OPT_MONITOR,
	LW_OPT_WINDOWS,
	LW_OPT_BOUND,
	LW_OPT_VERSION,
	LW_OPT_HELP,
	LW_OPTIONS
};

/* What a shell can offer for an argument. */
enum lw_argument_kind {
	LW_ARGUMENT_FREE,	/* nothing */
	LW_ARGUMENT_WORD,	/* one of the option's words */
	LW_ARGUMENT_FILE,
	LW_ARGUMENT_VM,
	LW_ARGUMENT_STAGE,
};

/**
 * struct lw_option - an option
 * @section: title above it in the help, for the first of a section
 * @name: the long one
 * @letter: the short one, or 0
 * @argument: name of its argument, or NULL if it takes none
 * @optional: the argument may be left out
 * @kind: what the argument is
 * @words: for LW_ARGUMENT_WORD: all there are, ends with NULL
 * @expected: what the argument may be, for who gave another; not with @words
 * @help: what it does, in one sentence or two
 * @word: it is a command: "latwatch-report reset"; behind two dashes as well
 * @usage: of a word, what follows it
 * @operands: how many arguments the command takes that belong to no option
 * @excludes: options that it cannot be used with, bits of enum lw_option_id; it
 *	      is enough that one of two has the other
 * @needs: options of which it cannot be used without one
 * @repeats: may be given more than once with an effect each
 * @task: what it makes of the command, if not LW_TASK_VIEW
 * @view: how to show, for an option that chooses a view
 * @csv_view: of a word, likewise with --csv
 * @compare_view: likewise a comparison
 * @cpus: the view needs the CPUs
 * @cost: the view needs what the probes take
 * @rankings: the view needs what came in between in sum
 * @machine: the view is for machines
 * @set: takes the argument, NULL if it was left out; 0 or -EINVAL
 */
struct lw_option {
	const char *section;
	const char *name;
	int letter;
	const char *argument;
	bool optional;
	enum lw_argument_kind kind;
	const char *const *words;
	const char *expected;
	const char *help;
	bool word;
	const char *usage;
	int operands;
	uint32_t excludes;
	uint32_t needs;
	bool repeats;
	enum lw_task task;
	lw_view *view;
	lw_view *csv_view;
	lw_compare_view *compare_view;
	bool cpus;
	bool cost;
	bool rankings;
	bool machine;
	int (*set)(struct lw_command *command, const char *argument);
};

extern const struct lw_option lw_options[LW_OPTIONS];

static inline uint32_t lw_option_bit(enum lw_option_id id)
{
	return 1u << id;
}

bool lw_options_conflict(enum lw_option_id a, enum lw_option_id b);
const struct lw_option *lw_option_word(const char *name);
int lw_command_parse(struct lw_command *command, int argc, char **argv);
void lw_help_print(FILE *out);
void lw_complete(int nr, char **words, FILE *out);

#endif
