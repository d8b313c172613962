// SPDX-License-Identifier: GPL-2.0
/*
 * The screen of a watch as text.  Takes a report, and those before it if there are
 * any, prints.
 */
#include <errno.h>
#include <stdlib.h>

#include "color.h"
#include "view.h"
#include "watch/layout.h"

#define COLS 100

/* Shows the screen; see lw_view. */
int lw_view_screen(const struct lw_report *report,
		   const struct lw_view_options *options, FILE *out)
{
	struct lw_running running = { .interval_ms = 0 };
	struct lw_history *alone = NULL;
	struct lw_canvas canvas;
	struct lw_sight sight;
	bool color;
	int err;

	if (!options->history) {
		alone = calloc(1, sizeof(*alone));
		if (!alone)
			return -ENOMEM;
		/* it is only looked at, and not cleared from here */
		alone->reports[alone->nr++] = *report;
	}
	lw_sight_init(&sight);
	lw_canvas_init(&canvas, options->cols ? options->cols : COLS);
	color = lw_color_is_used();
	lw_color_off();
	err = lw_layout(&sight, alone ? alone : options->history, &running,
			options->rows, &canvas);
	lw_color_set(color);
	if (!err)
		lw_canvas_print(&canvas, out);
	lw_canvas_clear(&canvas);
	free(alone);
	return err;
}
