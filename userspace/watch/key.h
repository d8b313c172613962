/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_KEY_H
#define LW_KEY_H

/* A key: a character is its own value, from a blank to a tilde. */
enum lw_key {
	LW_KEY_NONE = -1,
	LW_KEY_TAB = '\t',
	LW_KEY_ENTER = '\n',
	LW_KEY_ESCAPE = 27,
	LW_KEY_UP = 256,
	LW_KEY_DOWN,
	LW_KEY_LEFT,
	LW_KEY_RIGHT,
	LW_KEY_PAGE_UP,
	LW_KEY_PAGE_DOWN,
	LW_KEY_HOME,
	LW_KEY_END,
	LW_KEY_BACKTAB,
	LW_KEY_RUBOUT,
	LW_KEY_REDRAW,
	LW_KEY_QUIT,		/* a signal, or a terminal that has gone */
};

#endif
