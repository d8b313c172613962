/* SPDX-License-Identifier: GPL-2.0 */
/* Words of the command line: what to do that is no way to show the report. */
#ifndef LW_WORDS_H
#define LW_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "view.h"

struct lw_command;

/**
 * struct lw_word - a word that stands before or after the options
 * @name: the word
 * @argument: name of what may follow it, or NULL
 * @needed: it has to
 * @stage: it is the name of a stage, for a shell to offer
 * @expected: what it may be, for who gave another
 * @help: what the word does
 * @excludes: options that it cannot be used with, bits of enum lw_option_id
 * @view: how to show, or NULL: it needs no report
 * @csv_view: the same with --csv
 * @set: takes the argument, NULL if it was left out; 0 or -EINVAL
 */
struct lw_word {
	const char *name;
	const char *argument;
	bool needed;
	bool stage;
	const char *expected;
	const char *help;
	uint32_t excludes;
	lw_view *view;
	lw_view *csv_view;
	int (*set)(struct lw_command *command, const char *argument);
};

#define LW_WORDS 3
extern const struct lw_word lw_words[LW_WORDS];

const struct lw_word *lw_word_find(const char *name);
int lw_explain(const char *typed, FILE *out);

#endif
