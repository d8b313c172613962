// SPDX-License-Identifier: GPL-2.0
/*
 * Any view of text on a screen, to be scrolled.  Takes what the view prints, gives a
 * canvas.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "watch/plain.h"

/* The keys move in one pane; which one does not matter. */
#define PANE LW_PANE_LEDGER

static void draw_keys(const struct lw_sight *sight, int row,
		      struct lw_canvas *screen)
{
	const char *text = sight->message;
	char search[LW_SEARCH_SIZE + 16];
	int i;

	snprintf(search, sizeof(search), "search: %s_", sight->search);
	if (sight->ask == LW_ASK_RESET)
		text = "reset statistics and ledger, for all who read them? y/n";
	else if (sight->ask == LW_ASK_SEARCH)
		text = search;
	else if (!*text)
		text = "q quit  arrows, page up, down, < > move  / search  p freeze  r reset";
	for (i = 0; i < screen->cols; i++)
		lw_canvas_char(screen, row, i, LW_LOOK_CHOSEN, L' ');
	lw_canvas_text(screen, row, 1, LW_LOOK_CHOSEN, text);
}

static void seek(struct lw_sight *sight, const char *text)
{
	const char *end;
	int line = 0;

	sight->seek = false;
	for (; *text; text = *end ? end + 1 : end, line++) {
		char *copy;
		bool there;

		end = strchrnul(text, '\n');
		copy = strndup(text, (size_t)(end - text));
		there = copy && line > sight->top[PANE] &&
			strcasestr(copy, sight->search);
		free(copy);
		if (!there)
			continue;
		sight->top[PANE] = line;
		return;
	}
	snprintf(sight->message, sizeof(sight->message), "'%s' is not below here",
		 sight->search);
}

static void draw_text(struct lw_sight *sight, const char *text, int seen,
		      struct lw_canvas *screen)
{
	int line = 0, nr = 0, longest = 0;
	const char *end, *at;

	for (at = text; *at; at = *end ? end + 1 : end, nr++) {
		end = strchrnul(at, '\n');
		longest = end - at > longest ? (int)(end - at) : longest;
	}
	if (sight->top[PANE] > nr - seen)
		sight->top[PANE] = nr - seen;
	if (sight->top[PANE] < 0)
		sight->top[PANE] = 0;
	if (sight->aside > longest - screen->cols)
		sight->aside = longest - screen->cols;
	if (sight->aside < 0)
		sight->aside = 0;
	sight->page[PANE] = seen;
	for (at = text; *at; at = *end ? end + 1 : end, line++) {
		int row = line - sight->top[PANE], col;

		end = strchrnul(at, '\n');
		if (row < 0 || row >= seen)
			continue;
		for (col = 0; at + sight->aside + col < end; col++)
			lw_canvas_char(screen, row, col, LW_LOOK_PLAIN,
				       (unsigned char)at[sight->aside + col]);
	}
}

/**
 * lw_plain - draw what a view prints
 * @sight: how far it is scrolled; is set right
 * @history: has one report at least
 * @view: the view
 * @options: for it
 * @rows: how many lines the screen has
 * @screen: where to
 *
 * Return: 0, or a negative errno of the view.
 */
int lw_plain(struct lw_sight *sight, const struct lw_history *history, lw_view *view,
	     const struct lw_view_options *options, int rows,
	     struct lw_canvas *screen)
{
	struct lw_capture text;
	int err = 0, err_text;

	sight->focus = PANE;
	if (lw_capture_begin(&text))
		err = view(lw_history_shown(history), options, text.out);
	err_text = lw_capture_end(&text);
	if (!err)
		err = err_text;
	if (!err && sight->seek)
		seek(sight, text.text);
	if (!err)
		draw_text(sight, text.text, rows - 1, screen);
	if (!err)
		draw_keys(sight, rows - 1, screen);
	free(text.text);
	return err || !screen->failed ? err : -ENOMEM;
}
