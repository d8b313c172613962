/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the user looks at, and where the keys go.  It outlives the reports: ways and
 * stages are remembered by what they are, not by their line.
 */
#ifndef LW_SIGHT_H
#define LW_SIGHT_H

#include "rows.h"
#include "section.h"
#include "watch/history.h"

/* The panes, from top to bottom. */
enum lw_pane_id {
	LW_PANE_WAYS,
	LW_PANE_STAGES,
	LW_PANE_FLIGHT,
	LW_PANE_LEDGER,
	LW_PANE_NOTES,
	LW_PANE_HELP,		/* in place of all others */
	LW_PANES
};

enum lw_sort {
	LW_SORT_WAY,
	LW_SORT_MAX,
	LW_SORT_NOW,
	LW_SORT_WORST,
	LW_SORT_NAME,
	LW_SORTS
};

/* What the next keys answer. */
enum lw_ask {
	LW_ASK_NOTHING,
	LW_ASK_RESET,
	LW_ASK_SEARCH,
};

/* What a key wants of who shows the reports. */
enum lw_wish {
	LW_WISH_NOTHING,
	LW_WISH_DRAW,
	LW_WISH_REPORT,		/* a new one, now */
	LW_WISH_RESET,
	LW_WISH_SAVE,
	LW_WISH_QUIT,
};

#define LW_SEARCH_SIZE 48

/**
 * struct lw_sight - what the user looks at
 * @focus: the pane that the keys move in
 * @way: a way was chosen; else it is the first
 * @vm: of the chosen way; not known: the host
 * @path: of the chosen way
 * @stage: the chosen stage; not known: the whole way
 * @sort: the order of the stages
 * @top: of each pane, the first line that is seen; set right when it is drawn
 * @page: of each pane, how many lines were seen last
 * @aside: how many columns of a wide text are left out
 * @frozen: no new reports
 * @saved: the report comes from a file: there are no new ones
 * @ask: what is asked
 * @search: what is looked for, or was
 * @found: of each pane, the line that the search stands at; -1: none
 * @seek: the next drawing goes on with the search
 * @message: one line about what was done last, or nothing
 */
struct lw_sight {
	enum lw_pane_id focus;
	bool way;
	struct lw_value vm;
	uint32_t path;
	struct lw_value stage;
	enum lw_sort sort;
	int top[LW_PANES];
	int page[LW_PANES];
	int aside;
	bool frozen;
	bool saved;
	enum lw_ask ask;
	char search[LW_SEARCH_SIZE];
	int found[LW_PANES];
	bool seek;
	char message[128];
};

void lw_sight_init(struct lw_sight *sight);
void lw_sight_choose(struct lw_sight *sight, const struct lw_section *section);
size_t lw_sight_way(const struct lw_sight *sight, const struct lw_section *sections,
		    size_t nr);
int lw_sight_rows(const struct lw_sight *sight, const struct lw_history *history,
		  const struct lw_section *section, struct lw_rows *rows);
const struct lw_report_stage *lw_sight_stage(const struct lw_sight *sight,
					     const struct lw_report *report,
					     const struct lw_section *section);
const char *lw_sort_name(enum lw_sort sort);
enum lw_wish lw_sight_obey(struct lw_sight *sight, struct lw_history *history,
			   int key);

#endif
