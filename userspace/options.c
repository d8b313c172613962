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

static int set_saved(struct lw_command *command, const char *argument)
{
	command->saved = argument;
	return *argument ? 0 : -EINVAL;
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
			 BIT(HISTOGRAM) | BIT(JSON) | BIT(CSV))

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
		.excludes = BIT(WATCH),
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
		.help = "end the watch after N reports",
		.needs = BIT(WATCH),
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
	[LW_OPT_COMPARE] = {
		.section = "What else to do",
		.name = "compare",
		.help = "compare A with B: saved reports, or folders of them",
		.usage = "[OPTION]... A B",
		.operands = LW_SIDES,
		.excludes = ALL & ~(BIT(JSON) | BIT(CSV) | BIT(COLOR)),
		.task = LW_TASK_COMPARE,
	},
	[LW_OPT_RESET] = {
		.name = "reset",
		.help = "begin statistics and ledger anew",
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
		.usage = "NAME=VALUE [--set NAME=VALUE]...",
		.excludes = ALL & ~BIT(COLOR),
		.repeats = true,
		.task = LW_TASK_SET,
		.set = set_setting,
	},
	[LW_OPT_VERSION] = {
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
