// SPDX-License-Identifier: GPL-2.0
/*
 * The command line.  One table of options feeds the parser and the help.
 */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "nl.h"
#include "saved.h"
#include "side.h"
#include "view.h"
#include "view_compare.h"
#include "watch.h"

#define NAME "latwatch-report"

enum {
	EXIT_USAGE = 2,
	EXIT_SLOWER,
	EXIT_DIFFERS,
};

enum task {
	TASK_VIEW,
	TASK_RESET,
	TASK_SET,
	TASK_VERSION,
	TASK_HELP,
};

/**
 * struct command - what the user asked for
 * @task: what to do
 * @task_name: the option that says so, or NULL
 * @view: for TASK_VIEW
 * @compare_view: the same view of a comparison, or NULL
 * @for_people: the view is text
 * @want: what to read
 * @stage: for the histogram
 * @changes: for TASK_SET
 * @nr_changes: how many
 * @interval_ms: of a watch; 0: once
 * @count: how many reports
 * @saved: the file to read instead of the module, or NULL
 * @compare: compare the sides
 * @sides: names of two sets of saved reports
 */
struct command {
	enum task task;
	const char *task_name;
	lw_view *view;
	lw_compare_view *compare_view;
	bool for_people;
	struct lw_want want;
	const char *stage;
	struct lw_setting changes[LW_SWITCHES];
	size_t nr_changes;
	int interval_ms;
	unsigned long count;
	const char *saved;
	bool compare;
	const char *sides[LW_SIDES];
};

/**
 * struct option_row - an option
 * @name: the long one
 * @letter: the short one, or 0
 * @argument: name of its argument, in brackets if it may be left out, or NULL
 * @allowed: what it may be, for who gave another, if @set refuses any
 * @help: one line
 * @task: what it makes of the command, if it does
 * @view: how to show, for an option that chooses a view
 * @compare_view: likewise a comparison
 * @cpus: the view needs the CPUs
 * @cost: the view needs what the probes take
 * @machine: the view is for machines
 * @set: takes the argument of an option that qualifies; 0 or -EINVAL
 */
struct option_row {
	const char *name;
	int letter;
	const char *argument;
	const char *allowed;
	const char *help;
	enum task task;
	lw_view *view;
	lw_compare_view *compare_view;
	bool cpus;
	bool cost;
	bool machine;
	int (*set)(struct command *command, const char *argument);
};

static int set_watch(struct command *command, const char *argument)
{
	double seconds = 1;
	char *end;

	if (argument) {
		seconds = strtod(argument, &end);
		if (end == argument || *end)
			return -EINVAL;
	}
	if (!(seconds >= 0.1 && seconds <= 86400))
		return -EINVAL;
	command->interval_ms = (int)(seconds * 1000);
	return 0;
}

static int parse_number(const char *argument, unsigned long long most,
			unsigned long long *number)
{
	char *end;

	/* strtoull() would take a sign and turn it into a large number. */
	if (*argument < '0' || *argument > '9')
		return -EINVAL;
	errno = 0;
	*number = strtoull(argument, &end, 10);
	return errno || *end || *number > most ? -EINVAL : 0;
}

static int set_vm(struct command *command, const char *argument)
{
	unsigned long long number;
	int err = parse_number(argument, UINT32_MAX, &number);

	command->want.vm.v = err ? 0 : number;
	command->want.vm.known = !err;
	return err;
}

static int set_count(struct command *command, const char *argument)
{
	unsigned long long number;
	int err = parse_number(argument, UINT32_MAX, &number);

	if (err || !number)
		return -EINVAL;
	command->count = (unsigned long)number;
	return 0;
}

static int set_stage(struct command *command, const char *argument)
{
	command->stage = argument;
	return 0;
}

static int set_setting(struct command *command, const char *argument)
{
	const char *value = strchr(argument, '=');
	size_t i, len = value ? (size_t)(value - argument) : 0;
	struct lw_setting *change;

	if (!value || (strcmp(value, "=on") && strcmp(value, "=off")))
		return -EINVAL;
	for (i = 0; i < LW_SWITCHES; i++)
		if (strlen(lw_switches[i].name) == len &&
		    !strncmp(lw_switches[i].name, argument, len))
			break;
	if (i == LW_SWITCHES)
		return -EINVAL;
	/* The last word counts. */
	for (change = command->changes;
	     change < command->changes + command->nr_changes; change++)
		if (change->which == &lw_switches[i])
			break;
	if (change == command->changes + command->nr_changes)
		command->nr_changes++;
	change->which = &lw_switches[i];
	change->on = !strcmp(value, "=on");
	return 0;
}

static int set_saved(struct command *command, const char *argument)
{
	command->saved = argument;
	return 0;
}

static int set_compare(struct command *command, const char *argument)
{
	(void)argument;
	command->compare = true;
	return 0;
}

static const struct option_row rows[] = {
	{ .name = "watch", .letter = 'w', .argument = "[SECONDS]",
	  .allowed = "0.1 to 86400 seconds, as --watch=2 or -w2",
	  .help = "report again each second, or as often as given",
	  .set = set_watch },
	{ .name = "count", .argument = "N", .allowed = "1 to 4294967295",
	  .help = "end the watch after N reports", .set = set_count },
	{ .name = "vm", .argument = "ID", .allowed = "0 to 4294967295",
	  .help = "only the VM that has this id, or else this pid",
	  .set = set_vm },
	{ .name = "vms", .help = "list the VMs", .view = lw_view_vms },
	{ .name = "cpus", .help = "last marks and maxima of each CPU",
	  .view = lw_view_cpus, .cpus = true },
	{ .name = "cost", .help = "what the module's own probes take",
	  .view = lw_view_cost, .cost = true },
	{ .name = "ledger", .help = "the books, entry by entry",
	  .view = lw_view_ledger },
	{ .name = "histogram", .argument = "STAGE",
	  .help = "the histogram of a stage, as the page names it, or tx/stack",
	  .view = lw_view_histogram, .set = set_stage },
	{ .name = "json", .letter = 'j',
	  .help = "everything as JSON; with --watch one document per line",
	  .view = lw_view_json, .compare_view = lw_compare_json, .cpus = true,
	  .cost = true, .machine = true },
	{ .name = "csv", .help = "one line per stage and VM",
	  .view = lw_view_csv, .compare_view = lw_compare_csv,
	  .machine = true },
	{ .name = "read", .letter = 'r', .argument = "FILE",
	  .help = "show a report that was saved with --json", .set = set_saved },
	{ .name = "compare",
	  .help = "compare A with B: saved reports, or folders of repeated runs",
	  .set = set_compare },
	{ .name = "reset", .help = "begin statistics and ledger anew",
	  .task = TASK_RESET },
	{ .name = "set", .argument = "NAME=VALUE",
	  .allowed = "measure or self-cost, with =on or =off",
	  .help = "switch measure or self-cost: NAME=on or off",
	  .task = TASK_SET, .set = set_setting },
	{ .name = "version", .letter = 'V', .help = "print the version",
	  .task = TASK_VERSION },
	{ .name = "help", .letter = 'h', .help = "print this",
	  .task = TASK_HELP },
};

#define NR_ROWS (sizeof(rows) / sizeof(rows[0]))

static void print_help(void)
{
	char left[64], letter[8];
	size_t i;

	printf("Usage: %s [OPTION]...\n"
	       "       %s --compare [OPTION]... A B\n"
	       "Show where packets into and out of KVM guests spend their time, as measured by\n"
	       "latwatch.ko.\n\n",
	       NAME, NAME);
	for (i = 0; i < NR_ROWS; i++) {
		const char *argument = rows[i].argument;

		if (rows[i].letter)
			snprintf(letter, sizeof(letter), "-%c, ",
				 rows[i].letter);
		else
			snprintf(letter, sizeof(letter), "    ");
		if (argument && argument[0] == '[')
			snprintf(left, sizeof(left), "%s[=%s", rows[i].name,
				 argument + 1);
		else
			snprintf(left, sizeof(left), "%s%s%s", rows[i].name,
				 argument ? " " : "", argument ? argument : "");
		printf("  %s--%-20s %s\n", letter, left, rows[i].help);
	}
	printf("\nWithout options: one page.  Times are in microseconds, those for machines in\n"
	       "nanoseconds.  '-' was not measured.\n"
	       "Exit status: 0, 1 after a failure, 2 for bad usage; of a comparison 3 if B is\n"
	       "slower than A, 4 if it differs otherwise, by more than noise.\n");
}

__attribute__((format(printf, 1, 2)))
static int usage(const char *format, ...)
{
	va_list words;

	fputs(NAME ": ", stderr);
	va_start(words, format);
	vfprintf(stderr, format, words);
	va_end(words);
	fputs("; see --help\n", stderr);
	return -EINVAL;
}

static int not_together(const char *a, const char *b)
{
	return usage("--%s and --%s cannot be had together", a, b);
}

static int apply(struct command *command, const struct option_row *row,
		 const char *argument)
{
	if (row->set && row->set(command, argument))
		return usage("'%s' is no argument for --%s, which takes %s",
			     argument, row->name, row->allowed);
	if (!row->view && row->task == TASK_VIEW)
		return 0;
	if (command->task_name && strcmp(command->task_name, row->name))
		return not_together(command->task_name, row->name);
	command->task = row->task;
	command->task_name = row->name;
	if (row->view) {
		command->view = row->view;
		command->compare_view = row->compare_view;
	}
	command->want.cpus = row->cpus;
	command->want.cost = row->cost;
	command->for_people = !row->machine;
	return 0;
}

static int parse_sides(struct command *command, int nr, char **names)
{
	if (command->interval_ms || command->count || command->want.vm.known ||
	    command->saved)
		return usage("--compare takes neither --watch nor --count nor --vm nor --read");
	if (command->task == TASK_HELP || command->task == TASK_VERSION)
		return 0;
	if (command->task != TASK_VIEW || !command->compare_view)
		return not_together("compare", command->task_name);
	if (nr != LW_SIDES)
		return usage("--compare takes two names of files or folders");
	command->sides[LW_SIDE_A] = names[LW_SIDE_A];
	command->sides[LW_SIDE_B] = names[LW_SIDE_B];
	return 0;
}

static int parse(struct command *command, int argc, char **argv)
{
	struct option options[NR_ROWS + 1] = { 0 };
	char letters[3 * NR_ROWS + 1] = "";
	static char name[] = NAME;
	size_t nr = 0, i;
	int c, err;

	for (i = 0; i < NR_ROWS; i++) {
		const char *argument = rows[i].argument;

		options[i].name = rows[i].name;
		options[i].has_arg = !argument ? no_argument :
				     argument[0] == '[' ? optional_argument :
							  required_argument;
		options[i].val = rows[i].letter ? rows[i].letter :
						  256 + (int)i;
		if (!rows[i].letter)
			continue;
		letters[nr++] = (char)rows[i].letter;
		if (options[i].has_arg != no_argument)
			letters[nr++] = ':';
		if (options[i].has_arg == optional_argument)
			letters[nr++] = ':';
	}
	/* which begins getopt_long()'s own messages */
	argv[0] = name;
	while ((c = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		for (i = 0; i < NR_ROWS && options[i].val != c; i++)
			;
		if (i == NR_ROWS)
			return -EINVAL;
		err = apply(command, &rows[i], optarg);
		if (err)
			return err;
	}
	if (command->compare)
		return parse_sides(command, argc - optind, argv + optind);
	if (optind < argc && command->interval_ms)
		return usage("'%s' is not an option: seconds are given as --watch=2 or -w2",
			     argv[optind]);
	if (optind < argc)
		return usage("'%s' is not an option", argv[optind]);
	if (command->count && !command->interval_ms)
		return usage("--count needs --watch");
	if (command->saved && (command->interval_ms ||
			       command->task == TASK_RESET ||
			       command->task == TASK_SET))
		return usage("--read takes neither --watch nor --reset nor --set");
	if (command->task != TASK_VIEW &&
	    (command->interval_ms || command->want.vm.known))
		return usage("--%s takes neither --watch nor --vm",
			     command->task_name);
	return 0;
}

static int show_once(struct lw_nl *nl, const struct command *command)
{
	struct lw_view_options options = {
		.stage = command->stage,
		.first = true,
		.error = nl->error,
		.error_size = sizeof(nl->error),
	};
	struct lw_report report;
	int err = lw_collect(nl, &command->want, &report);

	if (err)
		return err;
	err = command->view(&report, &options, stdout);
	lw_report_clear(&report);
	return err;
}

static int show(struct lw_nl *nl, const struct command *command)
{
	struct lw_watch watch = {
		.nl = nl,
		.want = command->want,
		.view = command->view,
		.options = {
			.stage = command->stage,
			.error = nl->error,
			.error_size = sizeof(nl->error),
		},
		.for_people = command->for_people,
		.interval_ms = command->interval_ms,
		.count = command->count,
	};

	return command->interval_ms ? lw_watch_run(&watch) :
				      show_once(nl, command);
}

static int reset(struct lw_nl *nl)
{
	struct lw_value epoch;
	int err = lw_reset(nl, &epoch);

	if (err)
		return err;
	if (epoch.known)
		printf("reset: this is epoch %llu\n",
		       (unsigned long long)epoch.v);
	else
		puts("reset");
	return 0;
}

static int set(struct lw_nl *nl, const struct command *command)
{
	int err = lw_set(nl, command->changes, command->nr_changes);
	size_t i;

	for (i = 0; !err && i < command->nr_changes; i++)
		printf("%s is %s\n", command->changes[i].which->name,
		       command->changes[i].on ? "on" : "off");
	return err;
}

static int complain(const struct command *command, int err, char *error,
		    size_t size)
{
	if (err == -ENOENT && !error[0])
		snprintf(error, size, "no stage is named '%s': see the page",
			 command->stage);
	if (err)
		fprintf(stderr, NAME ": %s\n",
			error[0] ? error : strerror(-err));
	return err;
}

static int run(const struct command *command)
{
	struct lw_nl nl;
	int err = lw_nl_open(&nl);

	if (!err)
		err = command->task == TASK_RESET ? reset(&nl) :
		      command->task == TASK_SET	  ? set(&nl, command) :
						    show(&nl, command);
	complain(command, err, nl.error, sizeof(nl.error));
	lw_nl_close(&nl);
	return err;
}

static int show_saved(const struct command *command)
{
	char error[LW_NL_ERROR_SIZE] = "";
	struct lw_view_options options = {
		.stage = command->stage,
		.first = true,
		.error = error,
		.error_size = sizeof(error),
	};
	struct lw_report report;
	int err = lw_saved_read(command->saved, &report, error, sizeof(error));

	if (!err)
		err = lw_report_choose(&report, command->want.vm, error,
				       sizeof(error));
	if (!err)
		err = command->view(&report, &options, stdout);
	lw_report_clear(&report);
	return complain(command, err, error, sizeof(error));
}

static int compare(const struct command *command, enum lw_outcome *outcome)
{
	char error[LW_NL_ERROR_SIZE] = "";
	struct lw_comparison comparison = { 0 };
	struct lw_side sides[LW_SIDES] = { 0 };
	int err = 0, i;

	for (i = 0; !err && i < LW_SIDES; i++)
		err = lw_side_read(command->sides[i], &sides[i], error,
				   sizeof(error));
	if (!err)
		err = lw_compare(&sides[LW_SIDE_A], &sides[LW_SIDE_B],
				 &comparison);
	if (!err)
		err = command->compare_view(&comparison, stdout);
	if (!err) {
		*outcome = lw_comparison_outcome(&comparison);
		if (*outcome == LW_OUTCOME_UNJUDGED)
			snprintf(error, sizeof(error),
				 "nothing could be judged: no figure that both have has a noise");
	}
	lw_comparison_clear(&comparison);
	for (i = 0; i < LW_SIDES; i++)
		lw_side_clear(&sides[i]);
	return complain(command, err ? err : error[0] ? -ENODATA : 0, error,
			sizeof(error));
}

static int exit_status(int err, enum lw_outcome outcome)
{
	static const int statuses[] = {
		[LW_OUTCOME_SAME] = EXIT_SUCCESS,
		[LW_OUTCOME_SLOWER] = EXIT_SLOWER,
		[LW_OUTCOME_DIFFERS] = EXIT_DIFFERS,
		[LW_OUTCOME_UNJUDGED] = EXIT_FAILURE,
	};

	if (err == -ENOTUNIQ)
		return EXIT_USAGE;
	return err ? EXIT_FAILURE : statuses[outcome];
}

int main(int argc, char **argv)
{
	struct command command = {
		.task = TASK_VIEW,
		.view = lw_view_page,
		.compare_view = lw_compare_text,
		.for_people = true,
	};
	enum lw_outcome outcome = LW_OUTCOME_SAME;
	int err = 0;

	/* Not LC_NUMERIC: a decimal point is one everywhere. */
	setlocale(LC_CTYPE, "");
	if (parse(&command, argc, argv))
		return EXIT_USAGE;
	if (command.task == TASK_HELP)
		print_help();
	else if (command.task == TASK_VERSION)
		puts(NAME " " LW_VERSION);
	else if (command.compare)
		err = compare(&command, &outcome);
	else if (command.saved)
		err = show_saved(&command);
	else
		err = run(&command);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, NAME ": cannot write: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	return exit_status(err, outcome);
}
