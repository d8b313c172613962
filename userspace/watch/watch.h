/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_WATCH_H
#define LW_WATCH_H

#include "collect.h"
#include "view.h"
#include "watch/history.h"

/**
 * struct lw_watch - reports again and again
 * @nl: the connection; NULL: @recording is all there is
 * @recording: saved reports, one at least, or NULL
 * @want: what to read
 * @view: how to show it where there is no terminal
 * @options: for the view
 * @for_people: it may take the terminal
 * @interval_ms: from one report to the next
 * @count: how many; 0: until the user ends it
 */
struct lw_watch {
	struct lw_nl *nl;
	struct lw_history *recording;
	struct lw_want want;
	lw_view *view;
	struct lw_view_options options;
	bool for_people;
	int interval_ms;
	unsigned long count;
};

int lw_watch_run(struct lw_watch *watch);

#endif
