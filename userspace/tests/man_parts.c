// SPDX-License-Identifier: GPL-2.0
/*
 * Prints what the man page has of the table of options: its synopsis, and the
 * titles in its section OPTIONS, a line each.
 */
#include <ctype.h>
#include <string.h>

#include "command.h"

/* "--set NAME": options bold, what stands for something italic. */
static void print_roff(const char *text)
{
	size_t len;

	while (*text) {
		if (isupper((unsigned char)*text)) {
			for (len = 1; isupper((unsigned char)text[len]); len++)
				;
			printf("\\fI%.*s\\fR", (int)len, text);
		} else if (!strncmp(text, "--", 2)) {
			len = strcspn(text, " ");
			printf("\\fB\\-\\-%.*s\\fR", (int)len - 2, text + 2);
		} else {
			len = 1;
			putchar(*text);
		}
		text += len;
	}
}

static void print_form(const char *words, const char *usage)
{
	fputs("\\fBlatwatch\\-report\\fR", stdout);
	if (*words) {
		fputs(" ", stdout);
		print_roff(words);
	}
	if (*usage) {
		fputs(" ", stdout);
		print_roff(usage);
	}
	putchar('\n');
}

static void print_synopsis(void)
{
	char word[32];
	int id;

	puts(".SH SYNOPSIS");
	print_form("", "[OPTION]...");
	for (id = 0; id < LW_WORDS; id++) {
		const struct lw_word *w = &lw_words[id];

		puts(".br");
		printf("\\fBlatwatch\\-report\\fR \\fB%s\\fR", w->name);
		fputs(w->needed ? " " : " [", stdout);
		print_roff(w->argument);
		fputs(w->needed ? "" : "]", stdout);
		if (w->view)
			print_roff(" [OPTION]...");
		putchar('\n');
	}
	for (id = 0; id < LW_OPTIONS; id++) {
		if (!lw_options[id].usage)
			continue;
		puts(".br");
		snprintf(word, sizeof(word), "--%s", lw_options[id].name);
		print_form(word, lw_options[id].usage);
	}
}

static void print_argument(const struct lw_option *option, const char *format)
{
	char text[32];

	if (!option->argument)
		return;
	snprintf(text, sizeof(text), format, option->argument);
	print_roff(text);
}

static void print_titles(void)
{
	int id;

	puts(".SH OPTIONS");
	for (id = 0; id < LW_OPTIONS; id++) {
		const struct lw_option *option = &lw_options[id];

		if (option->section)
			printf(".SS %s\n", option->section);
		if (option->letter) {
			printf("\\fB\\-%c\\fR", option->letter);
			print_argument(option, option->optional ? "[%s]" : " %s");
			fputs(", ", stdout);
		}
		printf("\\fB\\-\\-%s\\fR", option->name);
		print_argument(option, option->optional ? "[=%s]" : " %s");
		putchar('\n');
	}
}

int main(void)
{
	print_synopsis();
	print_titles();
	return 0;
}
