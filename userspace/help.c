// SPDX-License-Identifier: GPL-2.0
/*
 * The help.  Takes the table of options, prints text.
 */
#include <string.h>

#include "command.h"

#define WIDTH 80
#define HELP_COLUMN 29

/* Breaks @text at blanks; the cursor is in @column, further lines begin there. */
static void print_wrapped(const char *text, int column, FILE *out)
{
	int at = column, len;

	for (;;) {
		len = (int)strcspn(text, " ");
		fprintf(out, "%.*s", len, text);
		at += len;
		text += len;
		if (!*text)
			break;
		len = (int)strcspn(++text, " ");
		if (at + 1 + len > WIDTH) {
			fprintf(out, "\n%*s", column, "");
			at = column;
		} else {
			fputc(' ', out);
			at++;
		}
	}
	fputc('\n', out);
}

static void print_usage(FILE *out)
{
	int id;

	fputs("Usage: " LW_NAME " [OPTION]...\n", out);
	for (id = 0; id < LW_WORDS; id++) {
		const char *format = !lw_words[id].argument ? "%s" :
				     lw_words[id].needed    ? " %s" : " [%s]";

		fprintf(out, "       " LW_NAME " %s", lw_words[id].name);
		fprintf(out, format, lw_words[id].argument ? lw_words[id].argument : "");
		fputs(lw_words[id].view ? " [OPTION]...\n" : "\n", out);
	}
	for (id = 0; id < LW_OPTIONS; id++)
		if (lw_options[id].usage)
			fprintf(out, "       " LW_NAME " --%s%s%s\n",
				lw_options[id].name,
				*lw_options[id].usage ? " " : "",
				lw_options[id].usage);
}

static void print_option(const struct lw_option *option, FILE *out)
{
	char letter[] = "    ", left[HELP_COLUMN];
	const char *format = !option->argument ? "%s" :
			     option->optional  ? "%s[=%s]" : "%s %s";

	if (option->letter)
		memcpy(letter, (char[]){ '-', (char)option->letter, ',' }, 3);
	snprintf(left, sizeof(left), format, option->name, option->argument);
	fprintf(out, "  %s--%-*s ", letter, HELP_COLUMN - 9, left);
	print_wrapped(option->help, HELP_COLUMN, out);
}

static void print_word(const struct lw_word *word, FILE *out)
{
	char left[HELP_COLUMN];

	snprintf(left, sizeof(left), !word->argument ? "%s" :
				     word->needed    ? "%s %s" : "%s [%s]",
		 word->name, word->argument);
	fprintf(out, "  %-*s ", HELP_COLUMN - 3, left);
	print_wrapped(word->help, HELP_COLUMN, out);
}

/**
 * lw_help_print - print the help, in 80 columns
 * @out: where to
 */
void lw_help_print(FILE *out)
{
	int id;

	print_usage(out);
	fputs("Show where packets into and out of KVM guests spend their time, as measured by\n"
	      "latwatch.ko.\n", out);
	fputs("\nWhat to tell, if not the page:\n", out);
	for (id = 0; id < LW_WORDS; id++)
		print_word(&lw_words[id], out);
	for (id = 0; id < LW_OPTIONS; id++) {
		if (lw_options[id].section)
			fprintf(out, "\n%s:\n", lw_options[id].section);
		print_option(&lw_options[id], out);
	}
	fputs("\nTimes are in microseconds, those for machines in nanoseconds.  '-' was not\n"
	      "measured.\n"
	      "Exit status: 0, 1 after a failure, 2 for bad usage; of a comparison 3 if B is\n"
	      "slower than A, 4 if it differs otherwise, by more than noise.\n", out);
}
