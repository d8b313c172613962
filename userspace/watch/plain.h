/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_PLAIN_H
#define LW_PLAIN_H

#include "view.h"
#include "watch/canvas.h"
#include "watch/sight.h"

int lw_plain(struct lw_sight *sight, const struct lw_history *history, lw_view *view,
	     const struct lw_view_options *options, int rows,
	     struct lw_canvas *screen);

#endif
