/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_LAYOUT_H
#define LW_LAYOUT_H

#include "watch/canvas.h"
#include "watch/sight.h"

/**
 * struct lw_running - what the reporter says of itself
 * @interval_ms: from one report to the next; 0: there is only one
 * @own: percent of one CPU that the reporter takes
 */
struct lw_running {
	int interval_ms;
	struct lw_real own;
};

int lw_layout(struct lw_sight *sight, const struct lw_history *history,
	      const struct lw_running *running, int rows, struct lw_canvas *screen);

#endif
