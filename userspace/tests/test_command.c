// SPDX-License-Identifier: GPL-2.0
/*
 * Every row of the table of options: arguments that are good, bad and missing,
 * what goes together, and what is said where it does not.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "ktap.h"

#define MOST 10

/* Arguments of each option that takes one. */
static const struct {
	const char *good[MOST];
	const char *bad[MOST];
} samples[LW_OPTIONS] = {
	[LW_OPT_HISTOGRAM] = { { "entry", "tx/stack" }, { "" } },
	[LW_OPT_SCREEN] = { { "20x5", "80x24", "1000x1000" },
			    { "", "x", "80", "80x", "x24", "19x5", "20x4",
			      "80x24x1", "1001x24" } },
	[LW_OPT_VM] = { { "0", "217", "4294967295" },
			{ "", "x", "-1", "+1", " 1", "1x", "4294967296" } },
	[LW_OPT_READ] = { { "report.json", "-" }, { "" } },
	[LW_OPT_WATCH] = { { "0.1", "2", "86400" },
			   { "", "x", "0", "0.09", "-1", "nan", "86401" } },
	[LW_OPT_COUNT] = { { "1", "4294967295" },
			   { "", "x", "0", "-1", "1.5", "4294967296" } },
	[LW_OPT_COLOR] = { { "auto", "always", "never" },
			   { "", "x", "ALWAYS", "always " } },
	[LW_OPT_WORST] = { { "1", "3", "4294967295" }, { "", "x", "0", "-1", "1x" } },
	[LW_OPT_WHY] = { { "entry", "rx/end-to-end" }, { "" } },
	[LW_OPT_EXPLAIN] = { { "thread", "rx/backend-wake" }, { "" } },
	[LW_OPT_BOUND] = { { "0.5", "1e-6" }, { "", "x", "0", "-1", "0.6", "1e-6x" } },
	[LW_OPT_BUDGET] = { { "limits", "-" }, { "" } },
	[LW_OPT_WINDOWS] = { { "entry", "rx/end-to-end" }, { "" } },
	[LW_OPT_SET] = { { "measure=on", "measure=off", "self-cost=on",
			   "self-cost=off", "culprits=off" },
			 { "", "x", "measure", "measure=", "measure=1", "=on",
			   "self=on" } },
};

static struct lw_command command;
static char said[512];

/* Parses words that end with NULL; said is what came on standard error. */
static int parse(const char *const *words)
{
	char *first = strdup("as-it-was-called"), *argv[MOST + 2] = { first };
	char *copies[MOST] = { 0 };
	FILE *capture = tmpfile();
	int before = dup(STDERR_FILENO), nr, ret;

	for (nr = 0; words[nr]; nr++)
		argv[1 + nr] = copies[nr] = strdup(words[nr]);
	fflush(stderr);
	dup2(fileno(capture), STDERR_FILENO);
	ret = lw_command_parse(&command, 1 + nr, argv);
	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	rewind(capture);
	said[fread(said, 1, sizeof(said) - 1, capture)] = '\0';
	fclose(capture);
	/* What the command points to is not looked at by any test. */
	for (nr = 0; copies[nr]; nr++)
		free(copies[nr]);
	free(first);
	return ret;
}

#define PARSE(...) parse((const char *const[]){ __VA_ARGS__, NULL })

static bool is_one_line(void)
{
	const char *end = strchr(said, '\n');

	return !strncmp(said, LW_NAME ": ", strlen(LW_NAME) + 2) && end &&
	       !end[1] && end > said + strlen(LW_NAME) + 2;
}

static bool took(int ret)
{
	if (ret || *said)
		printf("# %d: %s\n", ret, said);
	return !ret && !*said;
}

static bool refused(int ret, const char *words)
{
	if (ret != -EINVAL || !is_one_line() || !strstr(said, words))
		printf("# %d: %s, not: %s\n", ret, said, words);
	return ret == -EINVAL && is_one_line() && strstr(said, words);
}

static void test_rows(void)
{
	int id, other;

	for (id = 0; id < LW_OPTIONS; id++) {
		const struct lw_option *option = &lw_options[id];
		bool takes = option->argument;

		CHECK(option->name && option->help && *option->help);
		CHECK(!!option->set == takes);
		CHECK(takes || !option->optional);
		CHECK(!!samples[id].good[0] == takes);
		CHECK(!!samples[id].bad[0] == takes);
		CHECK(takes ? !option->words != !option->expected :
			      !option->words && !option->expected);
		CHECK(!!option->words == (option->kind == LW_ARGUMENT_WORD));
		CHECK(option->view || !option->compare_view);
		CHECK(id || option->section);
		for (other = 0; other < id; other++) {
			CHECK(strcmp(option->name, lw_options[other].name));
			CHECK(!option->letter ||
			      option->letter != lw_options[other].letter);
		}
	}
}

/* What completion offers and what is taken are the same. */
static void test_words(void)
{
	const char *const *word;
	size_t i, nr = 0;
	int id;

	for (id = 0; id < LW_OPTIONS; id++)
		for (word = lw_options[id].words; word && *word; word++)
			CHECK(!lw_options[id].set(&command, *word));
	for (word = lw_options[LW_OPT_SET].words; *word; word++)
		for (i = 0; i < LW_SWITCHES; i++)
			nr += !strncmp(*word, lw_switches[i].name,
				       strlen(lw_switches[i].name));
	CHECK(nr == 2 * LW_SWITCHES);
	for (i = 0; i < LW_SWITCHES; i++)
		CHECK(strstr(lw_options[LW_OPT_SET].help, lw_switches[i].name));
}

/* as messages call it */
static const char *called(int id, char *name)
{
	sprintf(name, "%s%s", lw_options[id].word ? "" : "--", lw_options[id].name);
	return name;
}

static const char *spelled(int id, const char *argument)
{
	static char word[64];

	snprintf(word, sizeof(word), "--%s%s%s", lw_options[id].name,
		 argument ? "=" : "", argument ? argument : "");
	return word;
}

/* The option, with what it cannot be without. */
static int parse_option(int id, const char *word, const char *next)
{
	const char *words[5] = { word, next };
	int nr = next ? 2 : 1;

	if (lw_options[id].needs & lw_option_bit(LW_OPT_WATCH))
		words[nr++] = "--watch";
	if (id == LW_OPT_COMPARE) {
		words[nr++] = "a";
		words[nr++] = "b";
	}
	return parse(words);
}

static void test_good(void)
{
	char shorter[64];
	int id, i;

	for (id = 0; id < LW_OPTIONS; id++) {
		const struct lw_option *option = &lw_options[id];

		if (!option->argument || option->optional) {
			CHECK(took(parse_option(id, spelled(id, NULL), NULL)));
			CHECK(command.given & lw_option_bit(id));
		}
		for (i = 0; samples[id].good[i]; i++) {
			const char *good = samples[id].good[i];

			CHECK(took(parse_option(id, spelled(id, good), NULL)));
			CHECK(command.given & lw_option_bit(id));
			if (!option->optional)
				CHECK(took(parse_option(id, spelled(id, NULL),
							good)));
			if (!option->letter)
				continue;
			snprintf(shorter, sizeof(shorter), "-%c%s",
				 option->letter, good);
			CHECK(took(parse_option(id, shorter, NULL)));
			CHECK(command.given & lw_option_bit(id));
		}
	}
}

static void test_bad(void)
{
	char words[64];
	int id, i;

	for (id = 0; id < LW_OPTIONS; id++) {
		for (i = 0; samples[id].bad[i]; i++) {
			snprintf(words, sizeof(words),
				 "invalid argument '%s' for %s%s (expected ",
				 samples[id].bad[i], lw_options[id].word ? "" : "--",
				 lw_options[id].name);
			CHECK(refused(parse_option(id, spelled(id, samples[id].bad[i]),
						   NULL), words));
			CHECK(lw_options[id].words ||
			      strstr(said, lw_options[id].expected));
		}
	}
	CHECK(refused(PARSE("--watch=x"), LW_NAME ": invalid argument 'x' "
		      "for --watch (expected 0.1 to 86400 seconds)\n"));
	CHECK(refused(PARSE("--color=x"), "(expected auto, always or never)\n"));
}

static void test_missing(void)
{
	char words[64], letter[] = "-x";
	int id;

	for (id = 0; id < LW_OPTIONS; id++) {
		const struct lw_option *option = &lw_options[id];

		if (!option->argument) {
			snprintf(words, sizeof(words),
				 "option '--%s' doesn't allow an argument",
				 option->name);
			CHECK(refused(PARSE(spelled(id, "x")), words));
			continue;
		}
		if (option->optional)
			continue;
		snprintf(words, sizeof(words),
			 "option '--%s' requires an argument", option->name);
		CHECK(refused(PARSE(spelled(id, NULL)), words));
		letter[1] = (char)option->letter;
		if (option->letter)
			CHECK(refused(PARSE(letter),
				      "option requires an argument"));
	}
}

static const char *word_of(int id)
{
	static char words[2][64];
	static int turn;

	turn = !turn;
	return strcpy(words[turn], spelled(id, samples[id].good[0]));
}

#define WITH_VIEW " vm read watch count color "
#define WITH_VIEW_ONCE " vm read count color "

/* Options, and those of a later row that each can be used with. */
static const struct {
	const char *name;
	const char *with;
} together[LW_OPTIONS] = {
	{ "vms", WITH_VIEW },
	{ "cpus", WITH_VIEW },
	{ "ledger", WITH_VIEW },
	{ "cost", WITH_VIEW },
	{ "histogram", WITH_VIEW },
	{ "json", WITH_VIEW "compare worst why monitor bound " },
	{ "csv", WITH_VIEW "compare worst why " },
	{ "screen", WITH_VIEW },
	{ "html", WITH_VIEW_ONCE },
	{ "trace", WITH_VIEW_ONCE },
	{ "vm", " read watch count color worst why windows bound " },
	{ "read", " watch count color worst why " },
	{ "watch", " count color worst why " },
	{ "count", " color worst why monitor " },
	{ "color", " worst why explain compare reset set budget monitor windows bound " },
	{ "worst", "" },
	{ "why", "" },
	{ "explain", "" },
	{ "compare", "" },
	{ "reset", "" },
	{ "set", "" },
	{ "budget", "" },
	{ "monitor", "" },
	{ "windows", "" },
	{ "bound", "" },
	{ "version", "" },
	{ "help", "" },
};

static void test_together(void)
{
	char name[32];
	int a, b;

	for (a = 0; a < LW_OPTIONS; a++) {
		CHECK(!strcmp(lw_options[a].name, together[a].name));
		for (b = a + 1; b < LW_OPTIONS; b++) {
			snprintf(name, sizeof(name), " %s ", lw_options[b].name);
			if (lw_options_conflict(a, b) !=
			    !strstr(together[a].with, name)) {
				printf("# %s with%s\n", together[a].name, name);
				ktap_failed = true;
			}
		}
	}
}

/* Each pair is taken, or refused by name. */
static void test_pairs(void)
{
	const uint32_t at_once = lw_option_bit(LW_OPT_HELP) |
				 lw_option_bit(LW_OPT_VERSION);
	char words[80];
	char called_first[32], called_second[32];
	int a, b, ret;

	for (a = 0; a < LW_OPTIONS; a++) {
		CHECK(!lw_options_conflict(a, a));
		for (b = 0; b < LW_OPTIONS; b++) {
			CHECK(lw_options_conflict(a, b) ==
			      lw_options_conflict(b, a));
			ret = PARSE(word_of(a), word_of(b));
			if ((lw_option_bit(a) | lw_option_bit(b)) & at_once) {
				CHECK(took(ret));
				continue;
			}
			snprintf(words, sizeof(words), "%s and %s cannot be used together",
				 called(a < b ? a : b, called_first),
				 called(a < b ? b : a, called_second));
			if (lw_options_conflict(a, b))
				CHECK(refused(ret, words));
			else
				CHECK(!strstr(said, "together"));
		}
	}
	CHECK(refused(PARSE("--count=2"), "option --count requires --watch or monitor"));
	CHECK(took(PARSE("--count=2", "-w")));
	CHECK(took(PARSE("--json", "--json")));
	CHECK(took(PARSE("--set", "measure=on", "--set", "self-cost=on")));
	CHECK(command.nr_changes == 2);
	CHECK(took(PARSE("--json", "--vm", "1", "--help")));
	CHECK(command.task == LW_TASK_HELP);
}

static void test_operands(void)
{
	CHECK(refused(PARSE("x"), "unknown command 'x' (expected worst, why, explain, compare, reset, "));
	CHECK(refused(PARSE("--json", "vms"), "unknown command 'vms'"));
	CHECK(refused(PARSE("--", "--json"), "unknown command '--json'"));
	CHECK(refused(PARSE("--watch", "2"), "(seconds are given as --watch=2 or -w2)"));
	CHECK(refused(PARSE("--compare"), "requires two files or folders, A and B"));
	CHECK(refused(PARSE("--compare", "a"), "requires two"));
	CHECK(refused(PARSE("--compare", "a", "b", "c"), "requires two"));
	CHECK(took(PARSE("a", "--compare", "--json", "--", "-b")));
	CHECK(took(PARSE("compare", "a", "--json", "--", "-b")));
	CHECK(command.task == LW_TASK_COMPARE);
	CHECK(took(PARSE("reset")) && command.task == LW_TASK_RESET);
	CHECK(took(PARSE("--color=never", "reset")) && command.task == LW_TASK_RESET);
	CHECK(refused(PARSE("reset", "x"), "unexpected argument 'x'"));
	CHECK(refused(PARSE("reset", "reset"), "unexpected argument 'reset'"));
	CHECK(refused(PARSE("reset", "--vms"), "--vms and reset cannot be used together"));
	CHECK(refused(PARSE("set"), "set requires NAME=VALUE"));
	CHECK(refused(PARSE("set", "reset"), "invalid argument 'reset' for set"));
	CHECK(took(PARSE("set", "measure=on", "self-cost=off")));
	CHECK(command.nr_changes == 2 && !command.changes[1].on);
	CHECK(took(PARSE("bound", "1e-3", "maxima")) && command.task == LW_TASK_BOUND);
	CHECK(refused(PARSE("bound", "1e-3", "a", "b"), "unexpected argument 'a'"));
	CHECK(refused(PARSE("bound"), "bound requires PROBABILITY"));
	CHECK(took(PARSE("budget")) && command.task == LW_TASK_VIEW);
	CHECK(took(PARSE("budget", "a.limits")) && command.task == LW_TASK_BUDGET);
	CHECK(refused(PARSE("budget", "a", "b"), "unexpected argument 'b'"));
	CHECK(took(PARSE("monitor", "--json", "--count", "3")));
	CHECK(command.task == LW_TASK_MONITOR && command.count == 3);
	CHECK(refused(PARSE("monitor", "--csv"), "--csv and monitor cannot"));
	CHECK(took(PARSE("windows", "tx/stack", "--vm", "1")) && command.want.windows);
	CHECK(took(PARSE("reset", "--help")) && command.task == LW_TASK_HELP);
	CHECK(refused(PARSE("--nonsense"), "unrecognized option '--nonsense'"));
	CHECK(refused(PARSE("-x"), "invalid option -- 'x'"));
	CHECK(refused(PARSE("--c"), "option '--c' is ambiguous"));
	CHECK(took(PARSE("--hist", "entry")));
}

/* Without options, and with --watch alone: the page. */
static void test_plain(void)
{
	CHECK(took(parse((const char *const[]){ NULL })));
	CHECK(command.view == lw_view_page && command.for_people);
	CHECK(command.task == LW_TASK_VIEW && !command.interval_ms);
	CHECK(!command.given && command.color == LW_COLOR_AUTO);
	CHECK(took(PARSE("--watch")));
	CHECK(command.view == lw_view_page && command.interval_ms == 1000);
	CHECK(took(PARSE("-w0.5")));
	CHECK(command.interval_ms == 500);
	CHECK(took(PARSE("--color")));
	CHECK(command.color == LW_COLOR_ALWAYS);
}

static void test_help(void)
{
	char *text = NULL, *line, *at;
	size_t size, width;
	FILE *out = open_memstream(&text, &size);
	int id;

	lw_help_print(out);
	fclose(out);
	for (id = 0; id < LW_OPTIONS; id++)
		CHECK(strstr(text, lw_options[id].word ? lw_options[id].name :
							 spelled(id, NULL)));
	for (line = text; *line; line = at + 1) {
		at = strchr(line, '\n');
		CHECK(at);
		if (!at)
			break;
		width = (size_t)(at - line);
		CHECK(width <= 80);
		CHECK(!width || at[-1] != ' ');
	}
	free(text);
}

static const struct ktap_test tests[] = {
	{ "rows of the table are whole", test_rows },
	{ "words are those that are taken", test_words },
	{ "good arguments", test_good },
	{ "bad arguments", test_bad },
	{ "missing arguments", test_missing },
	{ "what can be used with what", test_together },
	{ "each pair of options", test_pairs },
	{ "arguments of no option", test_operands },
	{ "without options", test_plain },
	{ "help is 80 columns wide", test_help },
};

int main(void)
{
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
