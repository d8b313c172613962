/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_COLOR_H
#define LW_COLOR_H

#include <stdbool.h>
#include <stdio.h>

enum lw_color_when {
	LW_COLOR_AUTO,
	LW_COLOR_ALWAYS,
	LW_COLOR_NEVER,
};

/* What a piece of text is; both light and dark terminals show it. */
enum lw_hue {
	LW_HUE_TITLE,
	LW_HUE_BAD,
	LW_HUE_GOOD,
	LW_HUE_NOTE,
};

void lw_color_choose(enum lw_color_when when, int fd);
void lw_color_off(void);
void lw_color_set(bool on);
bool lw_color_is_used(void);
void lw_color_begin(enum lw_hue hue, FILE *out);
void lw_color_end(FILE *out);

#endif
