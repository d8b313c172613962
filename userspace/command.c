// SPDX-License-Identifier: GPL-2.0
/*
 * The command line.  Takes words and the table of options, gives main.c a
 * command; what is wrong with the words is one line on standard error.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <string.h>

#include "command.h"

/* getopt_long()'s value of an option without a letter: no character has it. */
#define WITHOUT_LETTER 256

__attribute__((format(printf, 1, 2)))
static int refuse(const char *format, ...)
{
	va_list words;

	fputs(LW_NAME ": ", stderr);
	va_start(words, format);
	vfprintf(stderr, format, words);
	va_end(words);
	fputc('\n', stderr);
	return -EINVAL;
}

/* what stands before its name: a command has no dashes */
static const char *dashes(enum lw_option_id id)
{
	return lw_options[id].word ? "" : "--";
}

static int refuse_argument(const struct lw_option *option, const char *argument)
{
	const char *const *word = option->words;

	fprintf(stderr, LW_NAME ": invalid argument '%s' for %s%s (expected ", argument,
		dashes((enum lw_option_id)(option - lw_options)), option->name);
	if (!word)
		fputs(option->expected, stderr);
	for (; word && *word; word++)
		fprintf(stderr, "%s%s", word == option->words ? "" :
					word[1] ? ", " : " or ", *word);
	fputs(")\n", stderr);
	return -EINVAL;
}

static int apply(struct lw_command *command, enum lw_option_id id,
		 const char *argument)
{
	const struct lw_option *option = &lw_options[id];

	if (option->set && option->set(command, argument))
		return refuse_argument(option, argument);
	command->given |= lw_option_bit(id);
	if (option->task != LW_TASK_VIEW)
		command->task = option->task;
	if (!option->view)
		return 0;
	command->want.rankings |= option->rankings;
	/* a word in a format for machines, which was given before: that has it all */
	if (option->word && command->given & lw_option_bit(LW_OPT_JSON))
		return 0;
	if (option->word && command->given & lw_option_bit(LW_OPT_CSV)) {
		command->view = option->csv_view;
		return 0;
	}
	command->view = option->view;
	command->compare_view = option->compare_view;
	command->want.cpus = option->cpus;
	command->want.cost = option->cost;
	command->for_people = !option->machine;
	return 0;
}

/* "option --count requires --watch or monitor" */
static int refuse_alone(enum lw_option_id id)
{
	const char *before = " requires ";
	int other;

	fprintf(stderr, LW_NAME ": option --%s", lw_options[id].name);
	for (other = 0; other < LW_OPTIONS; other++) {
		if (!(lw_options[id].needs & lw_option_bit((enum lw_option_id)other)))
			continue;
		fprintf(stderr, "%s%s%s", before, dashes((enum lw_option_id)other),
			lw_options[other].name);
		before = " or ";
	}
	fputc('\n', stderr);
	return -EINVAL;
}

static int check_given(uint32_t given)
{
	enum lw_option_id a, b;

	for (a = 0; a < LW_OPTIONS; a++) {
		if (!(given & lw_option_bit(a)))
			continue;
		for (b = a + 1; b < LW_OPTIONS; b++)
			if (given & lw_option_bit(b) &&
			    lw_options_conflict(a, b))
				return refuse("%s%s%s and %s%s cannot be used together",
					      lw_options[a].word || lw_options[b].word ?
						      "" : "options ", dashes(a), lw_options[a].name,
					      dashes(b), lw_options[b].name);
	}
	for (a = 0; a < LW_OPTIONS; a++)
		if (given & lw_option_bit(a) && lw_options[a].needs &&
		    !(lw_options[a].needs & given))
			return refuse_alone(a);
	return 0;
}

/* "expected one of compare, reset and set" */
static int refuse_word(const char *word)
{
	const char *before = "";
	int id;

	fprintf(stderr, LW_NAME ": unknown command '%s' (expected ", word);
	for (id = 0; id < LW_OPTIONS; id++) {
		if (!lw_options[id].word)
			continue;
		fprintf(stderr, "%s%s", before, lw_options[id].name);
		before = ", ";
	}
	fputs(")\n", stderr);
	return -EINVAL;
}

/* A command and the arguments that are its own; @nr and @operands are what is left. */
static int take_word(struct lw_command *command, int *nr, char ***operands)
{
	const struct lw_option *option = *nr ? lw_option_word(**operands) : NULL;
	enum lw_option_id id = (enum lw_option_id)(option - lw_options);
	bool done = false;
	int err;

	if (!option)
		return 0;
	(*operands)++;
	(*nr)--;
	for (; option->argument && *nr && (!done || option->repeats); (*nr)--) {
		err = apply(command, id, *(*operands)++);
		if (err)
			return err;
		done = true;
	}
	if (done)
		return 0;
	if (option->argument && !option->optional)
		return refuse("%s requires %s", option->name, option->argument);
	return apply(command, id, NULL);
}

static bool has_word(const struct lw_command *command)
{
	int id;

	for (id = 0; id < LW_OPTIONS; id++)
		if (lw_options[id].word && command->given & lw_option_bit((enum lw_option_id)id))
			return true;
	return false;
}

static int take_operands(struct lw_command *command, int nr, char **operands)
{
	const struct lw_option *option = &lw_options[LW_OPT_COMPARE];

	if (command->task == LW_TASK_COMPARE) {
		if (nr != option->operands)
			return refuse("%s requires two files or folders, A and B",
				      option->name);
		command->sides[LW_SIDE_A] = operands[0];
		command->sides[LW_SIDE_B] = operands[1];
		return 0;
	}
	if (command->task == LW_TASK_BOUND && nr <= 1) {
		command->file = nr ? operands[0] : NULL;
		command->bound.json = command->given & lw_option_bit(LW_OPT_JSON);
		return 0;
	}
	if (nr && command->given & lw_option_bit(LW_OPT_WATCH))
		return refuse("unexpected argument '%s' (seconds are given as --watch=2 or -w2)",
			      operands[0]);
	if (nr && !has_word(command))
		return refuse_word(operands[0]);
	if (nr)
		return refuse("unexpected argument '%s'", operands[0]);
	return 0;
}

static int has_arg(const struct lw_option *option)
{
	return !option->argument ? no_argument :
	       option->optional	 ? optional_argument : required_argument;
}

/* What getopt_long() wants to know of the table. */
static void describe(struct option *longs, char *letters)
{
	int id;

	for (id = 0; id < LW_OPTIONS; id++) {
		const struct lw_option *option = &lw_options[id];
		int colons = has_arg(option);

		longs[id].name = option->name;
		longs[id].has_arg = has_arg(option);
		longs[id].val = option->letter ? option->letter :
						 WITHOUT_LETTER + id;
		if (!option->letter)
			continue;
		*letters++ = (char)option->letter;
		while (colons--)
			*letters++ = ':';
	}
	*letters = '\0';
}

/**
 * lw_command_parse - read the command line
 * @command: is set
 * @argc: as main()'s
 * @argv: as main()'s; is put into another order, and the command points into it
 *
 * Help and version are had with whatever else is given.
 *
 * Return: 0, or -EINVAL after one line on standard error.
 */
int lw_command_parse(struct lw_command *command, int argc, char **argv)
{
	struct option longs[LW_OPTIONS + 1] = { 0 };
	char letters[3 * LW_OPTIONS + 1];
	static char name[] = LW_NAME;
	int c, id, err, nr;
	char **operands;

	*command = (struct lw_command){
		.view = lw_view_page,
		.compare_view = lw_compare_text,
		.for_people = true,
	};
	describe(longs, letters);
	/* which begins getopt_long()'s own messages */
	if (argc)
		argv[0] = name;
	optind = 0;
	while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		for (id = 0; id < LW_OPTIONS && longs[id].val != c; id++)
			;
		if (id == LW_OPTIONS)
			return -EINVAL;
		err = apply(command, (enum lw_option_id)id, optarg);
		if (err)
			return err;
	}
	nr = argc - optind;
	operands = argv + optind;
	err = command->given & lw_option_bit(LW_OPT_HELP) ? 0 :
		      take_word(command, &nr, &operands);
	if (err)
		return err;
	if (command->given & lw_option_bit(LW_OPT_HELP))
		command->task = LW_TASK_HELP;
	else if (command->given & lw_option_bit(LW_OPT_VERSION))
		command->task = LW_TASK_VERSION;
	if (command->task == LW_TASK_HELP || command->task == LW_TASK_VERSION)
		return 0;
	err = check_given(command->given);
	return err ? err : take_operands(command, nr, operands);
}
