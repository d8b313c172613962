// SPDX-License-Identifier: GPL-2.0
/*
 * Does what the command line asks for.  Takes a command from command.c.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bound.h"
#include "budget.h"
#include "command.h"
#include "nl.h"
#include "saved.h"
#include "watch/recording.h"
#include "watch/watch.h"
#include "with_gsl.h"

enum {
	EXIT_USAGE = 2,
	EXIT_SLOWER,
	EXIT_DIFFERS,
	EXIT_NO_BOUND = EXIT_DIFFERS,
};

static int show_once(struct lw_nl *nl, const struct lw_command *command)
{
	struct lw_view_options options = {
		.stage = command->stage,
		.cols = command->cols,
		.rows = command->rows,
		.flights = command->flights,
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

static int show(struct lw_nl *nl, const struct lw_command *command)
{
	struct lw_watch watch = {
		.nl = nl,
		.want = command->want,
		.view = command->view,
		.options = {
			.stage = command->stage,
			.cols = command->cols,
			.rows = command->rows,
			.flights = command->flights,
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

static int set(struct lw_nl *nl, const struct lw_command *command)
{
	int err = lw_set(nl, command->changes, command->nr_changes);
	size_t i;

	for (i = 0; !err && i < command->nr_changes; i++)
		printf("%s is %s\n", command->changes[i].which->name,
		       command->changes[i].on ? "on" : "off");
	return err;
}

static int monitor(struct lw_nl *nl, const struct lw_command *command)
{
	return lw_monitor_run(nl, command->given & lw_option_bit(LW_OPT_JSON),
			      command->count, stdout);
}

static int do_task(struct lw_nl *nl, const struct lw_command *command)
{
	switch (command->task) {
	case LW_TASK_RESET:
		return reset(nl);
	case LW_TASK_SET:
		return set(nl, command);
	case LW_TASK_BUDGET:
		return lw_budget_set(nl, command->file, stdout);
	case LW_TASK_MONITOR:
		return monitor(nl, command);
	default:
		return show(nl, command);
	}
}

static int complain(const struct lw_command *command, int err, char *error,
		    size_t size)
{
	if (err == -ENOENT && !error[0])
		snprintf(error, size, "no stage is named '%s': see the page",
			 command->stage);
	if (err)
		fprintf(stderr, LW_NAME ": %s\n",
			error[0] ? error : strerror(-err));
	return err;
}

static int run(const struct lw_command *command)
{
	struct lw_nl nl;
	int err = lw_nl_open(&nl);

	if (!err)
		err = do_task(&nl, command);
	complain(command, err, nl.error, sizeof(nl.error));
	lw_nl_close(&nl);
	return err;
}

/* One saved report or many, on a screen of their own or over the time of them all. */
static int show_recording(const struct lw_command *command,
			  struct lw_view_options *options)
{
	struct lw_watch watch = {
		.recording = calloc(1, sizeof(*watch.recording)),
		.view = command->view,
		.for_people = command->for_people,
		.interval_ms = command->interval_ms,
	};
	int err = watch.recording ?
			  lw_recording_read(command->saved, command->want.vm,
					    watch.recording, options->error,
					    options->error_size) : -ENOMEM;

	options->history = watch.recording;
	watch.options = *options;
	if (!err && command->interval_ms)
		err = lw_watch_run(&watch);
	else if (!err)
		err = command->view(lw_history_shown(watch.recording), options,
				    stdout);
	if (watch.recording)
		lw_history_clear(watch.recording);
	free(watch.recording);
	return err;
}

static int show_saved(const struct lw_command *command)
{
	char error[LW_NL_ERROR_SIZE] = "";
	struct lw_view_options options = {
		.stage = command->stage,
		.cols = command->cols,
		.rows = command->rows,
		.flights = command->flights,
		.first = true,
		.error = error,
		.error_size = sizeof(error),
	};
	struct lw_report report;
	int err;

	if (command->interval_ms || command->view == lw_view_html) {
		err = show_recording(command, &options);
		return complain(command, err, error, sizeof(error));
	}
	err = lw_saved_read(command->saved, &report, error, sizeof(error));
	if (!err)
		err = lw_report_choose(&report, command->want.vm, error,
				       sizeof(error));
	if (!err)
		err = command->view(&report, &options, stdout);
	lw_report_clear(&report);
	return complain(command, err, error, sizeof(error));
}

static int compare(const struct lw_command *command, enum lw_outcome *outcome)
{
	char error[LW_NL_ERROR_SIZE] = "";
	struct lw_comparison comparison = { 0 };
	struct lw_side sides[LW_SIDES] = { 0 };
	int err = lw_gsl_require("compare", error, sizeof(error)), i;

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

/* 4 where there is no bound, and why was printed. */
static int bound(const struct lw_command *command)
{
	char error[LW_NL_ERROR_SIZE] = "";
	bool bounded = false;
	struct lw_nl nl;
	int err;

	if (command->file) {
		err = lw_bound_run_file(&command->bound, command->file, stdout, &bounded,
					error, sizeof(error));
	} else {
		err = lw_nl_open(&nl);
		if (!err)
			err = lw_bound_of_windows(&nl, &command->want, &command->bound,
						  stdout, &bounded);
		snprintf(error, sizeof(error), "%s", nl.error);
		lw_nl_close(&nl);
	}
	if (complain(command, err, error, sizeof(error)))
		return EXIT_FAILURE;
	return bounded ? EXIT_SUCCESS : EXIT_NO_BOUND;
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
	struct lw_command command;
	enum lw_outcome outcome = LW_OUTCOME_SAME;
	int err = 0;

	/* Not LC_NUMERIC: a decimal point is one everywhere. */
	setlocale(LC_CTYPE, "");
	/* of a shell, for latwatch-report.bash */
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		lw_complete(argc - 2, argv + 2, stdout);
		return EXIT_SUCCESS;
	}
	if (lw_command_parse(&command, argc, argv))
		return EXIT_USAGE;
	lw_color_choose(command.color, STDOUT_FILENO);
	switch (command.task) {
	case LW_TASK_HELP:
		lw_help_print(stdout);
		break;
	case LW_TASK_VERSION:
		puts(LW_NAME " " LW_VERSION);
		break;
	case LW_TASK_BOUND:
		return bound(&command);
	case LW_TASK_EXPLAIN:
		return lw_explain(command.explained, stdout) ? EXIT_USAGE : EXIT_SUCCESS;
	case LW_TASK_COMPARE:
		err = compare(&command, &outcome);
		break;
	default:
		err = command.saved ? show_saved(&command) : run(&command);
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, LW_NAME ": cannot write: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	return exit_status(err, outcome);
}
