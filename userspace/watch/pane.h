/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Panes: each draws one thing on a canvas of its own, as many lines as it takes;
 * layout.c puts them on the screen.  What is to be shown next to these becomes a pane
 * of its own, or a column of the stages.
 */
#ifndef LW_PANE_H
#define LW_PANE_H

#include "view.h"
#include "watch/canvas.h"
#include "watch/sight.h"

/**
 * struct lw_desk - what the panes draw from
 * @sight: what the user looks at
 * @history: the reports
 * @report: the one that is looked at
 * @now: the report to compare it with for what is now, or NULL
 * @minute: likewise for the last minute, or NULL
 * @alone: no other report came before it, nor will come
 * @sections: the ways
 * @nr_sections: how many
 * @at: the number of the way that is looked at
 * @section: this way
 */
struct lw_desk {
	const struct lw_sight *sight;
	const struct lw_history *history;
	const struct lw_report *report;
	const struct lw_report *now;
	const struct lw_report *minute;
	bool alone;
	struct lw_section *sections;
	size_t nr_sections;
	size_t at;
	const struct lw_section *section;
};

/**
 * struct lw_pane - what a pane has drawn
 * @canvas: its lines
 * @title: what stands above them
 * @heads: so many of the first lines stay when the others are scrolled
 * @chosen: the line that the keys are at, from 0 behind the heads; -1: none
 */
struct lw_pane {
	struct lw_canvas canvas;
	char title[192];
	int heads;
	int chosen;
};

int lw_pane_ways(const struct lw_desk *desk, struct lw_pane *pane);
int lw_pane_stages(const struct lw_desk *desk, struct lw_pane *pane);
int lw_pane_flight(const struct lw_desk *desk, struct lw_pane *pane);
int lw_pane_ledger(const struct lw_desk *desk, struct lw_pane *pane);
int lw_pane_notes(const struct lw_desk *desk, struct lw_pane *pane);
int lw_pane_help(const struct lw_desk *desk, struct lw_pane *pane);

int lw_pane_wrap(struct lw_canvas *canvas, int row, enum lw_look look,
		 const char *text);

#endif
