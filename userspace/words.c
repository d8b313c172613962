// SPDX-License-Identifier: GPL-2.0
/*
 * The table of words.  command.c parses by it, help.c prints it, complete.c offers it to
 * a shell, and the man page is checked against it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "words.h"

static int set_flights(struct lw_command *command, const char *argument)
{
	char *end;

	if (!argument)
		return 0;
	if (*argument < '1' || *argument > '9')
		return -EINVAL;
	errno = 0;
	command->flights = strtoul(argument, &end, 10);
	return errno || *end ? -EINVAL : 0;
}

static int set_stage(struct lw_command *command, const char *argument)
{
	command->stage = argument;
	return argument && !*argument ? -EINVAL : 0;
}

static int set_explained(struct lw_command *command, const char *argument)
{
	command->explained = argument;
	command->task = LW_TASK_EXPLAIN;
	return *argument ? 0 : -EINVAL;
}

#define BIT(id)		(1u << LW_OPT_##id)
#define OTHER_VIEWS	(BIT(VMS) | BIT(CPUS) | BIT(LEDGER) | BIT(COST) | BIT(HISTOGRAM))
#define OTHER_TASKS	(BIT(COMPARE) | BIT(RESET) | BIT(SET))

const struct lw_word lw_words[LW_WORDS] = {
	{
		.name = "worst",
		.argument = "N",
		.expected = "a number of flights, from 1",
		.help = "the worst flights, each with what came in between and what to do",
		.excludes = OTHER_VIEWS | OTHER_TASKS,
		.view = lw_view_story,
		.csv_view = lw_view_worst_csv,
		.set = set_flights,
	}, {
		.name = "why",
		.argument = "STAGE",
		.stage = true,
		.expected = "the name of a stage",
		.help = "what came in between, in sum over all flights of each stage",
		.excludes = OTHER_VIEWS | OTHER_TASKS,
		.view = lw_view_why,
		.csv_view = lw_view_why_csv,
		.set = set_stage,
	}, {
		.name = "explain",
		.argument = "WORD",
		.needed = true,
		.stage = true,
		.expected = "the name of a stage, or a kind of culprit",
		.help = "what a stage or a kind of culprit is, what fills it usually, what to do",
		.excludes = ~(BIT(COLOR) | BIT(HELP) | BIT(VERSION)),
		.set = set_explained,
	},
};

/**
 * lw_word_find - a word of the table
 * @name: the word
 *
 * Return: its row, or NULL.
 */
const struct lw_word *lw_word_find(const char *name)
{
	int i;

	for (i = 0; i < LW_WORDS; i++)
		if (!strcmp(lw_words[i].name, name))
			return &lw_words[i];
	return NULL;
}
