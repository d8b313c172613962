/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_HISTORY_H
#define LW_HISTORY_H

#include "derive.h"
#include "model.h"

/* Of a recording; while it goes on, a minute takes far less. */
#define LW_HISTORY 4096

/**
 * struct lw_history - the last reports: of a minute of one epoch, a second apart or
 *			more; or a recording, as it was made
 * @recording: it is one
 * @reports: from the oldest to the newest
 * @nr: how many
 * @bytes: what they take, roughly
 * @back: which one is looked at: 0 is the newest, 1 the one before
 */
struct lw_history {
	bool recording;
	struct lw_report reports[LW_HISTORY];
	size_t nr;
	size_t bytes;
	size_t back;
};

/**
 * struct lw_lately - what a stage went through between two reports
 * @count: how often
 * @max_ns: the longest; not known where it was not passed
 * @bound: it is known only which bucket of the histogram the longest is in: @max_ns
 *	   is the end of that
 */
struct lw_lately {
	struct lw_value count;
	struct lw_value max_ns;
	bool bound;
};

void lw_history_add(struct lw_history *history, struct lw_report *report);
void lw_history_clear(struct lw_history *history);
const struct lw_report *lw_history_shown(const struct lw_history *history);
const struct lw_report *lw_history_before(const struct lw_history *history,
					  unsigned int seconds);
bool lw_history_continues(const struct lw_history *history, size_t nr);
const struct lw_report_stage *lw_history_find_stage(const struct lw_report *report,
						    const struct lw_report_stage *like);
void lw_lately_read(const struct lw_report *before,
		    const struct lw_report_stage *stage, struct lw_lately *lately);
struct lw_real lw_lately_cost(const struct lw_report *before,
			      const struct lw_report *now);

#endif
