// SPDX-License-Identifier: GPL-2.0
/*
 * The table of options.  command.c parses by it, help.c prints it, complete.c
 * offers it to a shell, and the man page is checked against it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static int parse_number(const char *argument, unsigned long long least,
			unsigned long long most, unsigned long long *number)
{
	char *end;

	/* strtoull() would take a sign and turn it into a large number. */
	if (*argument < '0' || *argument > '9')
		return -EINVAL;
	errno = 0;
	*number = strtoull(argument, &end, 10);
	return errno || *end || *number < least || *number > most ? -EINVAL : 0;
}

static int set_watch(struct lw_command *command, const char *argument)
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

static int set_vm(struct lw_command *command, const char *argument)
{
	unsigned long long number;

	if (parse_number(argument, 0, UINT32_MAX, &number))
		return -EINVAL;
	command->want.vm = (struct lw_value){ number, true };
	return 0;
}

static int set_count(struct lw_command *command, const char *argument)
{
	unsigned long long number;

	if (parse_number(argument, 1, UINT32_MAX, &number))
		return -EINVAL;
	command->count = (unsigned long)number;
	return 0;
}

static int set_stage(struct lw_command *command, const char *argument)
{
	command->stage = argument;
	return *argument ? 0 : -EINVAL;
}

static int parse_side(const char *text, char end, unsigned long long least, int *side,
		      const char **rest)
{
	const char *stop = end ? strchr(text, end) : text + strlen(text);
	char digits[8] = "";
	unsigned long long number;

	if (!stop || (size_t)(stop - text) >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, text, (size_t)(stop - text));
	if (parse_number(digits, least, 1000, &number))
		return -EINVAL;
	*side = (int)number;
	*rest = stop + 1;
	return 0;
}

static int set_screen(struct lw_command *command, const char *argument)
{
	const char *rest;

	if (!argument)
		return 0;
	if (parse_side(argument, 'x', 20, &command->cols, &rest))
		return -EINVAL;
	return parse_side(rest, '\0', 5, &command->rows, &rest);
}

static int set_saved(struct lw_command *command, const char *argument)
{
	command->saved = argument;
	return *argument ? 0 : -EINVAL;
}

static int set_flights(struct lw_command *command, const char *argument)
{
	unsigned long long number;

	if (!argument)
		return 0;
	if (parse_number(argument, 1, UINT32_MAX, &number))
		return -EINVAL;
	command->flights = (unsigned long)number;
	return 0;
}

/* of all stages without */
static int set_one_stage(struct lw_command *command, const char *argument)
{
	command->stage = argument;
	return argument && !*argument ? -EINVAL : 0;
}

static int set_explained(struct lw_command *command, const char *argument)
{
	command->explained = argument;
	return *argument ? 0 : -EINVAL;
}

static int set_probability(struct lw_command *command, const char *argument)
{
	char *end;

	command->bound.block_seconds = 1;
	command->bound.probability = strtod(argument, &end);
	return *argument < '0' || *argument > '9' || *end ||
	       !(command->bound.probability > 0 && command->bound.probability <= 0.5) ?
		       -EINVAL : 0;
}

static int set_budget(struct lw_command *command, const char *argument)
{
	command->file = argument;
	if (argument)
		command->task = LW_TASK_BUDGET;
	return argument && !*argument ? -EINVAL : 0;
}

static int set_seconds(struct lw_command *command, const char *argument)
{
	command->want.windows = true;
	return set_one_stage(command, argument);
}

static const char *const color_words[] = {
	[LW_COLOR_AUTO] = "auto",
	[LW_COLOR_ALWAYS] = "always",
	[LW_COLOR_NEVER] = "never",
	NULL
};

static int set_color(struct lw_command *command, const char *argument)
{
	int when;

	if (!argument)
		argument = color_words[LW_COLOR_ALWAYS];
	for (when = 0; color_words[when]; when++)
		if (!strcmp(color_words[when], argument))
			break;
	command->color = (enum lw_color_when)when;
	return color_words[when] ? 0 : -EINVAL;
}

/* Of each of lw_switches[], off and on. */
static const char *const setting_words[] = {
	"culprits=off", "culprits=on", "measure=off", "measure=on", "self-cost=off",
	"self-cost=on", NULL
};

static int set_setting(struct lw_command *command, const char *argument)
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

#define BIT(id)		(1u << LW_OPT_##id)
#define ALL		((1u << LW_OPTIONS) - 1)
#define VIEWS		(BIT(VMS) | BIT(CPUS) | BIT(LEDGER) | BIT(COST) | \
			 BIT(HISTOGRAM) | BIT(JSON) | BIT(CSV) | \
			 BIT(SCREEN) | BIT(HTML) | BIT(TRACE))

/* what a word that shows culprits goes with */
#define NOT_WITH_CULPRITS \
	(ALL & ~(BIT(JSON) | BIT(CSV) | BIT(VM) | BIT(READ) | BIT(WATCH) | BIT(COUNT) | \
		 BIT(COLOR)))

const struct lw_option lw_options[LW_OPTIONS] = {
	[LW_OPT_VMS] = {
		.section = "What to show, if not the page",
		.name = "vms",
		.help = "list the VMs",
		.excludes = VIEWS,
		.view = lw_view_vms,
	},
	[LW_OPT_CPUS] = {
		.name = "cpus",
		.help = "last marks and maxima of each CPU",
		.excludes = VIEWS,
		.view = lw_view_cpus,
		.cpus = true,
	},
	[LW_OPT_LEDGER] = {
		.name = "ledger",
		.help = "the books, entry by entry",
		.excludes = VIEWS,
		.view = lw_view_ledger,
	},
	[LW_OPT_COST] = {
		.name = "cost",
		.help = "what the module's own probes take",
		.excludes = VIEWS,
		.view = lw_view_cost,
		.cost = true,
	},
	[LW_OPT_HISTOGRAM] = {
		.name = "histogram",
		.argument = "STAGE",
		.kind = LW_ARGUMENT_STAGE,
		.expected = "the name of a stage",
		.help = "histogram of a stage, such as entry or tx/stack",
		.excludes = VIEWS,
		.view = lw_view_histogram,
		.set = set_stage,
	},
	[LW_OPT_JSON] = {
		.name = "json",
		.letter = 'j',
		.help = "everything as JSON; with --watch a line per report",
		.excludes = VIEWS,
		.view = lw_view_json,
		.compare_view = lw_compare_json,
		.cpus = true,
		.cost = true,
		.rankings = true,
		.machine = true,
	},
	[LW_OPT_CSV] = {
		.name = "csv",
		.help = "one line per stage and VM",
		.excludes = VIEWS,
		.view = lw_view_csv,
		.compare_view = lw_compare_csv,
		.machine = true,
	},
	[LW_OPT_SCREEN] = {
		.name = "screen",
		.argument = "COLSxROWS",
		.optional = true,
		.expected = "a size such as 80x24, from 20x5 to 1000x1000",
		.help = "the screen of --watch as text, 100 columns wide or as given",
		.excludes = VIEWS,
		.view = lw_view_screen,
		.cost = true,
		.set = set_screen,
	},
	[LW_OPT_HTML] = {
		.name = "html",
		.help = "one page for a browser or for paper, with drawings",
		.excludes = VIEWS | BIT(WATCH),
		.view = lw_view_html,
		.machine = true,
	},
	[LW_OPT_TRACE] = {
		.name = "trace",
		.help = "the worst flights for Perfetto and Chrome's trace viewer",
		.excludes = VIEWS | BIT(WATCH),
		.view = lw_view_trace,
		.machine = true,
	},
	[LW_OPT_VM] = {
		.section = "Of what and how",
		.name = "vm",
		.argument = "ID",
		.kind = LW_ARGUMENT_VM,
		.expected = "an id or a process id, 0 to 4294967295",
		.help = "only the VM that has this id, or else this pid",
		.set = set_vm,
	},
	[LW_OPT_READ] = {
		.name = "read",
		.letter = 'r',
		.argument = "FILE",
		.kind = LW_ARGUMENT_FILE,
		.expected = "the name of a file",
		.help = "show a report that was saved with --json",
		.set = set_saved,
	},
	[LW_OPT_WATCH] = {
		.name = "watch",
		.letter = 'w',
		.argument = "SECONDS",
		.optional = true,
		.expected = "0.1 to 86400 seconds",
		.help = "report again each second, or as often as given",
		.set = set_watch,
	},
	[LW_OPT_COUNT] = {
		.name = "count",
		.argument = "N",
		.expected = "1 to 4294967295 reports",
		.help = "end the watch after N reports, or the monitor after N breaches",
		.needs = BIT(WATCH) | BIT(MONITOR),
		.set = set_count,
	},
	[LW_OPT_COLOR] = {
		.name = "color",
		.argument = "WHEN",
		.optional = true,
		.kind = LW_ARGUMENT_WORD,
		.words = color_words,
		.help = "color text: always, never or auto, which is on a terminal unless NO_COLOR is set",
		.set = set_color,
	},
	[LW_OPT_WORST] = {
		.section = "Commands",
		.name = "worst",
		.argument = "N",
		.optional = true,
		.expected = "a number of flights, from 1",
		.help = "the worst flights, each with what came in between and what to do",
		.word = true,
		.usage = "[N] [OPTION]...",
		.excludes = NOT_WITH_CULPRITS,
		.view = lw_view_story,
		.csv_view = lw_view_worst_csv,
		.rankings = true,
		.set = set_flights,
	},
	[LW_OPT_WHY] = {
		.name = "why",
		.argument = "STAGE",
		.optional = true,
		.kind = LW_ARGUMENT_STAGE,
		.expected = "the name of a stage",
		.help = "what came in between, in sum over all flights of each stage",
		.word = true,
		.usage = "[STAGE] [OPTION]...",
		.excludes = NOT_WITH_CULPRITS,
		.view = lw_view_why,
		.csv_view = lw_view_why_csv,
		.rankings = true,
		.set = set_one_stage,
	},
	[LW_OPT_EXPLAIN] = {
		.name = "explain",
		.argument = "WORD",
		.kind = LW_ARGUMENT_STAGE,
		.expected = "the name of a stage, or a kind of culprit",
		.help = "what a stage or a kind of culprit is, what fills it usually, what to do",
		.word = true,
		.usage = "WORD",
		.excludes = ALL & ~BIT(COLOR),
		.task = LW_TASK_EXPLAIN,
		.set = set_explained,
	},
	[LW_OPT_COMPARE] = {
		.name = "compare",
		.help = "compare A with B: saved reports, or folders of them",
		.word = true,
		.usage = "[OPTION]... A B",
		.operands = LW_SIDES,
		.excludes = ALL & ~(BIT(JSON) | BIT(CSV) | BIT(COLOR)),
		.task = LW_TASK_COMPARE,
	},
	[LW_OPT_RESET] = {
		.name = "reset",
		.help = "begin statistics and ledger anew",
		.word = true,
		.usage = "",
		.excludes = ALL & ~BIT(COLOR),
		.task = LW_TASK_RESET,
	},
	[LW_OPT_SET] = {
		.name = "set",
		.argument = "NAME=VALUE",
		.kind = LW_ARGUMENT_WORD,
		.words = setting_words,
		.help = "switch culprits, measure or self-cost: NAME=on or NAME=off",
		.word = true,
		.usage = "NAME=VALUE...",
		.excludes = ALL & ~BIT(COLOR),
		.repeats = true,
		.task = LW_TASK_SET,
		.set = set_setting,
	},
	[LW_OPT_BUDGET] = {
		.name = "budget",
		.argument = "FILE",
		.optional = true,
		.kind = LW_ARGUMENT_FILE,
		.expected = "the name of a file",
		.help = "show the limits and how close it came, or set those of FILE",
		.word = true,
		.usage = "[FILE]",
		.excludes = ALL & ~BIT(COLOR),
		.view = lw_view_budget,
		.set = set_budget,
	},
	[LW_OPT_MONITOR] = {
		.name = "monitor",
		.help = "print what is longer than its limit as it comes",
		.word = true,
		.usage = "[OPTION]...",
		.excludes = ALL & ~(BIT(JSON) | BIT(COUNT) | BIT(COLOR)),
		.task = LW_TASK_MONITOR,
	},
	[LW_OPT_WINDOWS] = {
		.name = "windows",
		.argument = "STAGE",
		.optional = true,
		.kind = LW_ARGUMENT_STAGE,
		.expected = "the name of a stage",
		.help = "maximum and count of each of the last 128 seconds",
		.word = true,
		.usage = "[STAGE] [OPTION]...",
		.excludes = ALL & ~(BIT(VM) | BIT(COLOR)),
		.view = lw_view_windows,
		.set = set_seconds,
	},
	[LW_OPT_BOUND] = {
		.name = "bound",
		.argument = "PROBABILITY",
		.expected = "more than 0, 0.5 at most, such as 1e-6",
		.help = "estimate what the maximum of a second exceeds with PROBABILITY",
		.word = true,
		.usage = "PROBABILITY [FILE] [OPTION]...",
		.excludes = ALL & ~(BIT(VM) | BIT(JSON) | BIT(COLOR)),
		.task = LW_TASK_BOUND,
		.set = set_probability,
	},
	[LW_OPT_VERSION] = {
		.section = "Of the program",
		.name = "version",
		.letter = 'V',
		.help = "print the version",
		.excludes = ALL,
		.task = LW_TASK_VERSION,
	},
	[LW_OPT_HELP] = {
		.name = "help",
		.letter = 'h',
		.help = "print this",
		.excludes = ALL,
		.task = LW_TASK_HELP,
	},
};

/**
 * lw_options_conflict - whether two options cannot be used together
 * @a: one
 * @b: the other; an option never conflicts with itself
 *
 * Return: true if they cannot.
 */
bool lw_options_conflict(enum lw_option_id a, enum lw_option_id b)
{
	return a != b && (lw_options[a].excludes & lw_option_bit(b) ||
			  lw_options[b].excludes & lw_option_bit(a));
}

/**
 * lw_option_word - the command of a name
 * @name: as it was typed, whole
 *
 * Return: its row, or NULL: no command has this name.
 */
const struct lw_option *lw_option_word(const char *name)
{
	int id;

	for (id = 0; id < LW_OPTIONS; id++)
		if (lw_options[id].word && !strcmp(lw_options[id].name, name))
			return &lw_options[id];
	return NULL;
}
