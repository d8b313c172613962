/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_SCREEN_H
#define LW_SCREEN_H

#include <stdbool.h>

/* What a user's key means; a digit is its own value. */
enum lw_key {
	LW_KEY_NONE = -1,
	LW_KEY_DIGIT_FIRST = 0,
	LW_KEY_DIGIT_LAST = 9,
	LW_KEY_QUIT,
	LW_KEY_RESET,
	LW_KEY_NEXT,
	LW_KEY_PREVIOUS,
	LW_KEY_PAGE_DOWN,
	LW_KEY_PAGE_UP,
	LW_KEY_ASIDE,
	LW_KEY_BACK,
	LW_KEY_REDRAW,
};

bool lw_screen_open(void);
void lw_screen_close(void);
void lw_screen_measure(const char *text, int *most, int *most_aside);
void lw_screen_draw(const char *text, int scroll, int aside,
		    const char *status);
int lw_screen_key(int timeout_ms);

#endif
