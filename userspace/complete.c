// SPDX-License-Identifier: GPL-2.0
/*
 * Completion of the command line.  Takes words from the shell and the table of
 * options, prints what the last word can become, one a line; names of VMs and
 * stages come from the module, or from the report that --read names.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "command.h"
#include "format.h"
#include "nl.h"
#include "saved.h"

/* Tells the shell that names of files are wanted, which it knows best. */
#define FILES ":files"

/**
 * struct line - what stands before the word that is completed
 * @given: options, bits of enum lw_option_id
 * @open: the option whose argument comes next, or NULL
 * @saved: the argument of --read, or NULL
 * @word: a word that was there, or NULL
 * @argument: and what may follow it
 * @operands: "--" was there: no options any more
 */
struct line {
	uint32_t given;
	const struct lw_option *open;
	const char *saved;
	const struct lw_word *word;
	bool argument;
	bool operands;
};

/**
 * struct typed - the word that is completed
 * @before: what stays as it is: "--vm="
 * @before_len: its length
 * @word: what is completed: "2"
 */
struct typed {
	const char *before;
	size_t before_len;
	const char *word;
};

static void offer(const struct typed *typed, const char *candidate, FILE *out)
{
	if (!strncmp(candidate, typed->word, strlen(typed->word)))
		fprintf(out, "%.*s%s\n", (int)typed->before_len, typed->before,
			candidate);
}

/* As getopt_long() does: the name, or the begin of only one. */
static const struct lw_option *find_name(const char *name, size_t len)
{
	const struct lw_option *found = NULL;
	int id, nr = 0;

	for (id = 0; id < LW_OPTIONS; id++) {
		if (strncmp(lw_options[id].name, name, len))
			continue;
		if (!lw_options[id].name[len])
			return &lw_options[id];
		found = &lw_options[id];
		nr++;
	}
	return nr == 1 ? found : NULL;
}

static const struct lw_option *find_letter(char letter)
{
	int id;

	for (id = 0; id < LW_OPTIONS; id++)
		if (lw_options[id].letter == letter)
			return &lw_options[id];
	return NULL;
}

static uint32_t bit_of(const struct lw_option *option)
{
	return lw_option_bit((enum lw_option_id)(option - lw_options));
}

/* An option stands there, with its argument or with NULL. */
static void add(struct line *line, const struct lw_option *option,
		const char *argument)
{
	line->given |= bit_of(option);
	line->open = NULL;
	if (!argument && option->argument && !option->optional)
		line->open = option;
	if (argument && option == &lw_options[LW_OPT_READ])
		line->saved = argument;
}

static void add_letters(struct line *line, const char *letters)
{
	const struct lw_option *option;

	for (; *letters; letters++) {
		option = find_letter(*letters);
		if (!option)
			return;
		add(line, option, option->argument && letters[1] ?
					  letters + 1 : NULL);
		if (option->argument)
			return;
	}
}

static void add_word(struct line *line, const char *word)
{
	const struct lw_option *option;
	const char *value;

	if (line->open) {
		add(line, line->open, word);
	} else if (line->operands || word[0] != '-') {
		line->argument = line->word;
		if (!line->word)
			line->word = lw_word_find(word);
	} else if (word[1] != '-') {
		add_letters(line, word + 1);
	} else if (!word[2]) {
		line->operands = true;
	} else {
		value = strchrnul(word, '=');
		option = find_name(word + 2, (size_t)(value - word) - 2);
		if (option)
			add(line, option, *value ? value + 1 : NULL);
	}
}

static bool is_possible(const struct line *line, enum lw_option_id id)
{
	int other;

	if (line->given & lw_option_bit(id) && !lw_options[id].repeats)
		return false;
	if (line->word && line->word->excludes & lw_option_bit(id))
		return false;
	if (lw_options[id].needs & ~line->given)
		return false;
	for (other = 0; other < LW_OPTIONS; other++)
		if (line->given & lw_option_bit((enum lw_option_id)other) &&
		    lw_options_conflict(id, (enum lw_option_id)other))
			return false;
	return true;
}

static void offer_options(const struct line *line, const struct typed *typed,
			  FILE *out)
{
	char word[32];
	int id;

	for (id = 0; id < LW_OPTIONS; id++) {
		if (!is_possible(line, (enum lw_option_id)id))
			continue;
		snprintf(word, sizeof(word), "--%s", lw_options[id].name);
		offer(typed, word, out);
	}
}

static void offer_vms(const struct lw_report *report, const struct typed *typed,
		      FILE *out)
{
	char number[24];
	size_t i;

	for (i = 0; i < report->nr_vms; i++) {
		snprintf(number, sizeof(number), "%u", report->vms[i].id);
		offer(typed, number, out);
		if (!report->vms[i].pid.known)
			continue;
		snprintf(number, sizeof(number), "%" PRIu64,
			 report->vms[i].pid.v);
		offer(typed, number, out);
	}
}

/* As it is typed: "irq-thread-wake".  False for a name that a shell would change. */
static bool spell(const struct lw_report_stage *stage, char *name, size_t size)
{
	size_t len = stage->name ? strlen(stage->name) : 0, i;

	if (!len || len >= size)
		return false;
	for (i = 0; i <= len; i++) {
		name[i] = stage->name[i] == ' ' ? '-' : stage->name[i];
		if (name[i] && !isalnum((unsigned char)name[i]) &&
		    name[i] != '-' && name[i] != '_')
			return false;
	}
	return true;
}

static bool same_name(const struct lw_report_stage *a,
		      const struct lw_report_stage *b)
{
	return a->name && b->name && !strcmp(a->name, b->name);
}

/*
 * The name alone where one path has it, else with each path before it.  What
 * was begun without a path can only become a name.
 */
static void offer_stages(const struct lw_report *report,
			 const struct typed *typed, FILE *out)
{
	char name[LW_TEXT_SIZE], full[2 * LW_TEXT_SIZE];
	size_t i, j;

	for (i = 0; i < report->nr_stages; i++) {
		const struct lw_report_stage *stage = &report->stages[i];
		bool named = false, told = false, several = false;

		for (j = 0; j < report->nr_stages; j++) {
			const struct lw_report_stage *other = &report->stages[j];

			if (!same_name(stage, other))
				continue;
			several |= other->path != stage->path;
			named |= j < i;
			told |= j < i && other->path == stage->path;
		}
		if (told || !spell(stage, name, sizeof(name)))
			continue;
		if (!named && (!several || *typed->word))
			offer(typed, name, out);
		snprintf(full, sizeof(full), "%s/%s", lw_name_path(stage->path),
			 name);
		if (several || strchr(typed->word, '/'))
			offer(typed, full, out);
	}
}

/* Whatever keeps the report from being read, a shell is not to hear of it. */
static int read_report(const struct line *line, struct lw_report *report)
{
	struct lw_want want = { 0 };
	char error[LW_NL_ERROR_SIZE];
	struct lw_nl nl;
	int err;

	if (line->saved)
		return lw_saved_read(line->saved, report, error, sizeof(error));
	err = lw_nl_open(&nl);
	if (!err)
		err = lw_collect(&nl, &want, report);
	lw_nl_close(&nl);
	return err;
}

static void offer_argument(const struct line *line,
			   const struct lw_option *option,
			   const struct typed *typed, FILE *out)
{
	struct lw_report report = { 0 };
	const char *const *word;

	switch (option->kind) {
	case LW_ARGUMENT_FREE:
		return;
	case LW_ARGUMENT_WORD:
		for (word = option->words; *word; word++)
			offer(typed, *word, out);
		return;
	case LW_ARGUMENT_FILE:
		fputs(FILES "\n", out);
		return;
	case LW_ARGUMENT_VM:
	case LW_ARGUMENT_STAGE:
		break;
	}
	if (!read_report(line, &report)) {
		if (option->kind == LW_ARGUMENT_VM)
			offer_vms(&report, typed, out);
		else
			offer_stages(&report, typed, out);
	}
	lw_report_clear(&report);
}

/* A word where there is none, or the stage that one may be about. */
static void offer_words(const struct line *line, const struct typed *typed, FILE *out)
{
	const struct lw_option *stage = &lw_options[LW_OPT_HISTOGRAM];
	int i;

	if (line->word) {
		if (line->word->stage && !line->argument)
			offer_argument(line, stage, typed, out);
		return;
	}
	for (i = 0; i < LW_WORDS; i++)
		if (!(line->given & lw_words[i].excludes))
			offer(typed, lw_words[i].name, out);
}

/**
 * lw_complete - print what the last of the words can become, one a line
 * @nr: how many words
 * @words: those behind the name of the program, up to the cursor
 * @out: where to
 *
 * A line ":files" stands for the names of files.
 */
void lw_complete(int nr, char **words, FILE *out)
{
	const struct lw_option *option;
	struct line line = { 0 };
	struct typed typed = { "", 0, nr ? words[nr - 1] : "" };
	const char *value;
	int i;

	for (i = 0; i < nr - 1; i++)
		add_word(&line, words[i]);
	if (line.open) {
		offer_argument(&line, line.open, &typed, out);
		return;
	}
	value = strchr(typed.word, '=');
	if (!line.operands && value && !strncmp(typed.word, "--", 2)) {
		option = find_name(typed.word + 2,
				   (size_t)(value - typed.word) - 2);
		typed.before = typed.word;
		typed.before_len = (size_t)(value - typed.word) + 1;
		typed.word = value + 1;
		if (option && option->argument)
			offer_argument(&line, option, &typed, out);
	} else if (!line.operands && typed.word[0] == '-') {
		offer_options(&line, &typed, out);
	} else if (line.given & lw_option_bit(LW_OPT_COMPARE)) {
		fputs(FILES "\n", out);
	} else {
		offer_words(&line, &typed, out);
		if (!line.operands && !typed.word[0])
			offer_options(&line, &typed, out);
	}
}
