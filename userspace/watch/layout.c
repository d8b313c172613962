// SPDX-License-Identifier: GPL-2.0
/*
 * The screen: the head, the ways, then as many panes as there is room for, the one
 * that has the keys before all others; the last line has the keys, or what is asked.
 * Takes what panes have drawn, gives one canvas to screen.c or to text.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "capture.h"
#include "color.h"
#include "format.h"
#include "view.h"
#include "watch/layout.h"
#include "watch/pane.h"

#define HEAD_ROWS 2
/* A pane with less than its title and this many lines is left out. */
#define LEAST_LINES 3
#define WAYS_LEAST 3

static int (*const draw_pane[LW_PANES])(const struct lw_desk *desk,
					struct lw_pane *pane) = {
	[LW_PANE_WAYS] = lw_pane_ways,
	[LW_PANE_STAGES] = lw_pane_stages,
	[LW_PANE_FLIGHT] = lw_pane_flight,
	[LW_PANE_LEDGER] = lw_pane_ledger,
	[LW_PANE_NOTES] = lw_pane_notes,
	[LW_PANE_HELP] = lw_pane_help,
};

static int draw_panes(const struct lw_desk *desk, int cols, struct lw_pane *panes)
{
	int err = 0, i;

	for (i = 0; i < LW_PANES; i++) {
		panes[i] = (struct lw_pane){ .chosen = -1 };
		lw_canvas_init(&panes[i].canvas, cols);
		if (!err)
			err = draw_pane[i](desk, &panes[i]);
		if (panes[i].canvas.failed)
			err = -ENOMEM;
	}
	return err;
}

static void clear_panes(struct lw_pane *panes)
{
	int i;

	for (i = 0; i < LW_PANES; i++)
		lw_canvas_clear(&panes[i].canvas);
}

static int body_of(const struct lw_pane *pane)
{
	return pane->canvas.rows - pane->heads;
}

#define STATE_SIZE (2 * LW_TEXT_SIZE)

/* Of when the report is, and whether another one will come. */
static void write_state(const struct lw_desk *desk, const struct lw_running *running,
			char *state)
{
	const struct lw_report *report = desk->report;
	const struct lw_sight *sight = desk->sight;
	char when[LW_TEXT_SIZE], since[LW_TEXT_SIZE];
	size_t len;

	lw_text_when(when, report, report->info.now, false);
	if (sight->saved && desk->history->nr > 1)
		snprintf(state, STATE_SIZE, "saved at %s, %zu of %zu", when,
			 desk->history->nr - desk->history->back,
			 desk->history->nr);
	else if (sight->saved)
		snprintf(state, STATE_SIZE, "saved at %s", when);
	else if (sight->frozen && desk->history->back)
		snprintf(state, STATE_SIZE, "FROZEN at %s, %zu back", when,
			 desk->history->back);
	else if (sight->frozen)
		snprintf(state, STATE_SIZE, "FROZEN at %s", when);
	else if (running->interval_ms)
		snprintf(state, STATE_SIZE, "%s every %g s", when,
			 running->interval_ms / 1000.0);
	else
		snprintf(state, STATE_SIZE, "%s", when);
	if (!report->info.since.known || !report->info.now.known ||
	    report->info.now.v < report->info.since.v)
		return;
	len = strlen(state);
	snprintf(state + len, STATE_SIZE - len, ", %s since %s",
		 lw_text_duration(since, report->info.now.v -
						 report->info.since.v),
		 lw_text_when(when, report, report->info.since, false));
}

/* What the module's probes and the reporter take of one CPU. */
static void draw_corner(const struct lw_desk *desk, const struct lw_running *running,
			struct lw_canvas *screen)
{
	struct lw_real probes = lw_lately_cost(desk->now, desk->report);
	char corner[96];
	int len;

	if (probes.known)
		len = snprintf(corner, sizeof(corner), " probes %.2Lf %%",
			       probes.v);
	else
		len = snprintf(corner, sizeof(corner), " probes -");
	if (running->own.known)
		snprintf(corner + len, sizeof(corner) - (size_t)len,
			 " reporter %.1Lf %%", running->own.v);
	lw_canvas_right(screen, 0, screen->cols, LW_LOOK_PLAIN, corner);
}

/* The first line of a report's head; the others are notes. */
static int draw_first_line(const struct lw_desk *desk, struct lw_canvas *screen)
{
	struct lw_capture head;
	int err;

	if (lw_capture_begin(&head))
		lw_print_header(desk->report, head.out);
	err = lw_capture_end(&head);
	if (err)
		return err;
	*strchrnul(head.text, '\n') = '\0';
	lw_canvas_text(screen, 1, 0, LW_LOOK_PLAIN, head.text);
	free(head.text);
	return 0;
}

static int draw_head(const struct lw_desk *desk, const struct lw_running *running,
		     bool notes, struct lw_canvas *screen)
{
	char state[STATE_SIZE];
	int col, err;

	write_state(desk, running, state);
	col = lw_canvas_text(screen, 0, 0,
			     desk->sight->frozen ? LW_LOOK_NOTE : LW_LOOK_STRONG,
			     state);
	if (desk->report->info.off)
		lw_canvas_text(screen, 0, col, LW_LOOK_BAD, "  measuring is off");
	draw_corner(desk, running, screen);
	err = draw_first_line(desk, screen);
	if (notes)
		lw_canvas_right(screen, 1, screen->cols, LW_LOOK_NOTE,
				"  see the notes");
	return err;
}

/* Scrolls as far as there is something, and to the line that the keys are at. */
static void set_top(struct lw_sight *sight, enum lw_pane_id id,
		    const struct lw_pane *pane, int lines, int line)
{
	int seen = lines - pane->heads, most = body_of(pane) - seen;
	int *top = &sight->top[id];

	if (line >= 0 && line >= *top + seen)
		*top = line - seen + 1;
	if (line >= 0 && line < *top)
		*top = line;
	if (*top > most)
		*top = most;
	if (*top < 0)
		*top = 0;
	sight->page[id] = seen;
}

static void draw_body(struct lw_sight *sight, enum lw_pane_id id,
		      const struct lw_pane *pane, int row, int lines,
		      struct lw_canvas *screen)
{
	int heads = pane->heads < lines ? pane->heads : lines;
	int line = pane->chosen >= 0 ? pane->chosen : sight->found[id];

	set_top(sight, id, pane, lines, line);
	lw_canvas_copy(screen, row, &pane->canvas, 0, heads);
	lw_canvas_copy(screen, row + heads, &pane->canvas,
		       pane->heads + sight->top[id], lines - heads);
	/* what is chosen is seen where the keys are, and where they come back to */
	if (line >= sight->top[id] && line < sight->top[id] + lines - heads &&
	    (id == sight->focus || pane->chosen < 0))
		lw_canvas_look(screen, row + heads + line - sight->top[id], 0,
			       screen->cols, LW_LOOK_CHOSEN);
}

static void draw_title(const struct lw_sight *sight, enum lw_pane_id id,
		       const struct lw_pane *pane, int row, int lines,
		       struct lw_canvas *screen)
{
	enum lw_look look = id == sight->focus ? LW_LOOK_FOCUS : LW_LOOK_TITLE;
	int seen = lines - pane->heads, col, i;
	char more[48];

	for (i = 0; i < screen->cols; i++)
		lw_canvas_char(screen, row, i, look, L'-');
	col = lw_canvas_text(screen, row, 2, look, " ");
	col = lw_canvas_text(screen, row, col, look, pane->title);
	lw_canvas_text(screen, row, col, look, " ");
	if (seen >= body_of(pane) || seen < 1)
		return;
	snprintf(more, sizeof(more), " %d to %d of %d ", sight->top[id] + 1,
		 sight->top[id] + seen, body_of(pane));
	lw_canvas_right(screen, row, screen->cols - 2, look, more);
}

/* Who gets how many lines: the pane with the keys as many as it has, then in order. */
static void give_room(const struct lw_sight *sight, const struct lw_pane *panes,
		      int room, int *lines)
{
	enum lw_pane_id first = sight->focus == LW_PANE_WAYS ? LW_PANE_STAGES :
							       sight->focus;
	int turn, id, want;

	for (turn = 0; turn <= LW_PANE_NOTES; turn++) {
		id = !turn ? (int)first : turn;
		want = panes[id].canvas.rows;
		if (lines[id] || !want || (turn && id == (int)first))
			continue;
		if (room - 1 < want && turn && room - 1 < panes[id].heads + LEAST_LINES)
			continue;
		lines[id] = room - 1 < want ? room - 1 : want;
		if (lines[id] < 0)
			lines[id] = 0;
		room -= lines[id] + 1;
	}
}

static void draw_status(const struct lw_sight *sight, int row,
			struct lw_canvas *screen)
{
	static const char keys[] =
		"?help q quit tab pane arrows move s sort p freeze / search r reset w write";
	char text[128];
	int i;

	if (sight->ask == LW_ASK_RESET)
		snprintf(text, sizeof(text),
			 "reset statistics and ledger, for all who read them? y/n");
	else if (sight->ask == LW_ASK_SEARCH)
		snprintf(text, sizeof(text), "search: %s_", sight->search);
	else
		snprintf(text, sizeof(text), "%s",
			 sight->message[0] ? sight->message : keys);
	for (i = 0; i < screen->cols; i++)
		lw_canvas_char(screen, row, i, LW_LOOK_CHOSEN, L' ');
	lw_canvas_text(screen, row, 1, LW_LOOK_CHOSEN, text);
}

static void draw_all(struct lw_sight *sight, const struct lw_pane *panes, int rows,
		     struct lw_canvas *screen)
{
	int lines[LW_PANES] = { 0 };
	int end = rows ? rows - 1 : 0, row = HEAD_ROWS, room, ways, id;

	ways = panes[LW_PANE_WAYS].canvas.rows;
	room = rows ? end - row : 100000;
	if (ways > room / 4)
		ways = room / 4 > WAYS_LEAST ? room / 4 : WAYS_LEAST;
	if (sight->focus == LW_PANE_WAYS && ways < room / 2)
		ways = room / 2;
	if (ways > panes[LW_PANE_WAYS].canvas.rows)
		ways = panes[LW_PANE_WAYS].canvas.rows;
	if (ways + 1 > room)
		ways = room - 1;
	if (ways > 0) {
		draw_body(sight, LW_PANE_WAYS, &panes[LW_PANE_WAYS], row + 1, ways,
			  screen);
		draw_title(sight, LW_PANE_WAYS, &panes[LW_PANE_WAYS], row, ways,
			   screen);
		row += ways + 1;
		room -= ways + 1;
	}
	give_room(sight, panes, room, lines);
	for (id = LW_PANE_STAGES; id <= LW_PANE_NOTES; id++) {
		if (!lines[id])
			continue;
		draw_body(sight, (enum lw_pane_id)id, &panes[id], row + 1,
			  lines[id], screen);
		draw_title(sight, (enum lw_pane_id)id, &panes[id], row,
			   lines[id], screen);
		row += lines[id] + 1;
	}
}

static void draw_help(struct lw_sight *sight, const struct lw_pane *panes, int rows,
		      struct lw_canvas *screen)
{
	const struct lw_pane *help = &panes[LW_PANE_HELP];
	int lines = help->canvas.rows;

	if (rows && lines > rows - 2 - HEAD_ROWS)
		lines = rows - 2 - HEAD_ROWS;
	if (lines < 1)
		return;
	draw_body(sight, LW_PANE_HELP, help, HEAD_ROWS + 1, lines, screen);
	draw_title(sight, LW_PANE_HELP, help, HEAD_ROWS, lines, screen);
}

/* The next line that has it: in the pane with the keys, then in the others. */
static bool seek(struct lw_sight *sight, const struct lw_pane *panes,
		 enum lw_pane_id *in, int *line)
{
	int turn, i;

	for (turn = 0; turn <= LW_PANE_HELP; turn++) {
		enum lw_pane_id id = (enum lw_pane_id)(((int)sight->focus + turn) %
						       LW_PANE_HELP);
		const struct lw_pane *pane = &panes[id];
		int from = pane->chosen >= 0 ? pane->chosen : sight->found[id];

		for (i = turn ? 0 : from + 1; i < body_of(pane); i++) {
			if (!lw_canvas_has(&pane->canvas, pane->heads + i,
					   sight->search))
				continue;
			*in = id;
			*line = i;
			return true;
		}
	}
	return false;
}

static int go_to(struct lw_sight *sight, const struct lw_desk *desk,
		 enum lw_pane_id id, int line)
{
	struct lw_rows rows;
	int err = 0;

	sight->focus = id;
	sight->found[id] = line;
	if (id == LW_PANE_WAYS) {
		lw_sight_choose(sight, &desk->sections[line]);
	} else if (id == LW_PANE_STAGES && lw_section_has_stages(desk->section)) {
		err = lw_sight_rows(sight, desk->history, desk->section, &rows);
		if (!err && (size_t)line < rows.nr)
			sight->stage = (struct lw_value){
				rows.row[line].stage->id, true
			};
		lw_rows_clear(&rows);
	}
	return err;
}

static int search(struct lw_sight *sight, const struct lw_desk *desk,
		  const struct lw_pane *panes)
{
	enum lw_pane_id id;
	int line, i;

	sight->seek = false;
	if (seek(sight, panes, &id, &line)) {
		for (i = 0; i < LW_PANES; i++)
			sight->found[i] = -1;
		return go_to(sight, desk, id, line);
	}
	snprintf(sight->message, sizeof(sight->message), "'%s' is not found",
		 sight->search);
	return 0;
}

static int set_desk(struct lw_desk *desk, const struct lw_sight *sight,
		    const struct lw_history *history,
		    const struct lw_running *running)
{
	int err;

	*desk = (struct lw_desk){
		.sight = sight,
		.history = history,
		.report = lw_history_shown(history),
		.now = lw_history_before(history, 1),
		.minute = lw_history_before(history, 60),
		.alone = history->nr == 1 &&
			 (sight->saved || !running->interval_ms),
	};
	err = lw_sections(desk->report, &desk->sections, &desk->nr_sections);
	if (err)
		return err;
	desk->at = lw_sight_way(sight, desk->sections, desk->nr_sections);
	desk->section = &desk->sections[desk->at];
	return 0;
}

/**
 * lw_layout - draw the screen
 * @sight: what the user looks at; is set right where it points beyond what there is
 * @history: has one report at least
 * @running: what the reporter says of itself
 * @rows: how many lines there are; 0: as many as it takes, without the keys
 * @screen: where to, as wide as it is to be
 *
 * Return: 0, or -ENOMEM.
 */
int lw_layout(struct lw_sight *sight, const struct lw_history *history,
	      const struct lw_running *running, int rows, struct lw_canvas *screen)
{
	struct lw_pane panes[LW_PANES];
	struct lw_desk desk;
	int err = set_desk(&desk, sight, history, running);

	if (err)
		return err;
	err = draw_panes(&desk, screen->cols, panes);
	if (!err && sight->seek) {
		err = search(sight, &desk, panes);
		clear_panes(panes);
		free(desk.sections);
		if (err)
			return err;
		return lw_layout(sight, history, running, rows, screen);
	}
	/* there may be no note any more */
	if (!panes[sight->focus].canvas.rows)
		sight->focus = LW_PANE_WAYS;
	if (!err)
		err = draw_head(&desk, running, panes[LW_PANE_NOTES].canvas.rows,
				screen);
	if (!err && sight->focus == LW_PANE_HELP)
		draw_help(sight, panes, rows, screen);
	else if (!err)
		draw_all(sight, panes, rows, screen);
	if (!err && rows)
		draw_status(sight, rows - 1, screen);
	clear_panes(panes);
	free(desk.sections);
	return err || !screen->failed ? err : -ENOMEM;
}
