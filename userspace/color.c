// SPDX-License-Identifier: GPL-2.0
/*
 * Color of text for people.  main.c says whether there is any, views where.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "color.h"

static bool used;

static bool is_empty(const char *variable)
{
	const char *value = getenv(variable);

	return !value || !*value;
}

/**
 * lw_color_choose - say whether text is printed in color
 * @when: as the user wants
 * @fd: where the text goes to
 *
 * An option is stronger than NO_COLOR (https://no-color.org), which is set to
 * anything but nothing.
 */
void lw_color_choose(enum lw_color_when when, int fd)
{
	const char *term = getenv("TERM");

	used = when == LW_COLOR_ALWAYS ||
	       (when == LW_COLOR_AUTO && is_empty("NO_COLOR") && term &&
		strcmp(term, "dumb") && isatty(fd));
}

/**
 * lw_color_off - print without color from here on
 */
void lw_color_off(void)
{
	used = false;
}

/**
 * lw_color_set - print with color again, or not
 * @on: of lw_color_is_used(), before it was switched off
 */
void lw_color_set(bool on)
{
	used = on;
}

/**
 * lw_color_is_used - whether text is printed in color
 *
 * Return: true if it is.
 */
bool lw_color_is_used(void)
{
	return used;
}

/**
 * lw_color_begin - begin a piece of text
 * @hue: what it is
 * @out: where to
 */
void lw_color_begin(enum lw_hue hue, FILE *out)
{
	static const char *const codes[] = {
		[LW_HUE_TITLE] = "\033[1m",
		[LW_HUE_BAD] = "\033[1;31m",
		[LW_HUE_GOOD] = "\033[32m",
		[LW_HUE_NOTE] = "\033[35m",
	};

	if (used)
		fputs(codes[hue], out);
}

/**
 * lw_color_end - end a piece of text
 * @out: where to
 */
void lw_color_end(FILE *out)
{
	if (used)
		fputs("\033[0m", out);
}
