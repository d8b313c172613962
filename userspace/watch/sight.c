// SPDX-License-Identifier: GPL-2.0
/*
 * What the user looks at.  Takes keys from screen.c and reports from the history,
 * gives to the panes which way, which stage and which lines to show.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <linux/latwatch.h>

#include "watch/key.h"
#include "watch/sight.h"

/**
 * lw_sight_init - look at the first way as a whole
 * @sight: is set
 */
void lw_sight_init(struct lw_sight *sight)
{
	int i;

	*sight = (struct lw_sight){ .focus = LW_PANE_STAGES };
	for (i = 0; i < LW_PANES; i++)
		sight->found[i] = -1;
}

/**
 * lw_sight_way - the way that is looked at
 * @sight: the sight
 * @sections: the ways that there are
 * @nr: how many, one at least
 *
 * Return: its number; the first one's if the one that was chosen is no more.
 */
size_t lw_sight_way(const struct lw_sight *sight, const struct lw_section *sections,
		    size_t nr)
{
	size_t i;

	for (i = 0; sight->way && i < nr; i++)
		if (sections[i].path == sight->path &&
		    !!sections[i].vm == sight->vm.known &&
		    (!sections[i].vm || sections[i].vm->id == sight->vm.v))
			return i;
	return 0;
}

/**
 * lw_sight_choose - look at a way as a whole
 * @sight: the sight
 * @section: the way
 */
void lw_sight_choose(struct lw_sight *sight, const struct lw_section *section)
{
	sight->way = true;
	sight->vm = (struct lw_value){ section->vm ? section->vm->id : 0,
				       section->vm };
	sight->path = section->path;
	sight->stage.known = false;
	sight->top[LW_PANE_STAGES] = 0;
	sight->top[LW_PANE_FLIGHT] = 0;
	sight->top[LW_PANE_LEDGER] = 0;
}

/**
 * lw_sort_name - what the stages are sorted by
 * @sort: the order
 *
 * Return: a word.
 */
const char *lw_sort_name(enum lw_sort sort)
{
	static const char *const names[LW_SORTS] = {
		[LW_SORT_WAY] = "order of the way",
		[LW_SORT_MAX] = "max",
		[LW_SORT_NOW] = "now",
		[LW_SORT_WORST] = "in the worst",
		[LW_SORT_NAME] = "name",
	};

	return names[sort];
}

/**
 * struct keyed - a row and what it is sorted by
 * @row: the row
 * @key: larger comes first; not known comes last
 * @place: its place on the way, which decides between equals
 * @by_name: the key is the stage's name
 */
struct keyed {
	struct lw_row row;
	struct lw_value key;
	size_t place;
	bool by_name;
};

static int compare(const void *one, const void *other)
{
	const struct keyed *a = one, *b = other;
	int order = 0;

	if (a->by_name && a->row.stage->name && b->row.stage->name)
		order = strcasecmp(a->row.stage->name, b->row.stage->name);
	else if (a->key.known != b->key.known)
		order = a->key.known ? -1 : 1;
	else if (a->key.known && a->key.v != b->key.v)
		order = a->key.v > b->key.v ? -1 : 1;
	return order ? order : a->place < b->place ? -1 : a->place > b->place;
}

static struct lw_value key_of(const struct lw_sight *sight,
			      const struct lw_history *history,
			      const struct lw_row *row)
{
	struct lw_value key = { 0 };
	struct lw_lately lately;

	switch (sight->sort) {
	case LW_SORT_MAX:
		return row->borrowed ? key : row->stage->max_ns;
	case LW_SORT_NOW:
		if (row->borrowed)
			return key;
		lw_lately_read(lw_history_before(history, 1), row->stage,
			       &lately);
		return lately.max_ns;
	case LW_SORT_WORST:
		return row->stage->id < LW_SPLIT_STAGES ?
			       row->split->part_ns[row->stage->id] : key;
	default:
		return key;
	}
}

/**
 * lw_sight_rows - the stages of a way in the order that was chosen
 * @sight: the sight
 * @history: has one report at least
 * @section: the way
 * @rows: is set, to be cleared
 *
 * Return: 0, or -ENOMEM.
 */
int lw_sight_rows(const struct lw_sight *sight, const struct lw_history *history,
		  const struct lw_section *section, struct lw_rows *rows)
{
	int err = lw_rows_collect(lw_history_shown(history), section->vm,
				  section->path, rows);
	struct keyed *keyed;
	size_t i;

	if (err || !rows->nr || sight->sort == LW_SORT_WAY)
		return err;
	keyed = calloc(rows->nr, sizeof(*keyed));
	if (!keyed)
		return -ENOMEM;
	for (i = 0; i < rows->nr; i++)
		keyed[i] = (struct keyed){
			.row = rows->row[i],
			.key = key_of(sight, history, &rows->row[i]),
			.place = i,
			.by_name = sight->sort == LW_SORT_NAME,
		};
	qsort(keyed, rows->nr, sizeof(*keyed), compare);
	for (i = 0; i < rows->nr; i++)
		rows->row[i] = keyed[i].row;
	free(keyed);
	return 0;
}

/**
 * lw_sight_stage - the stage whose worst flight is looked at
 * @sight: the sight
 * @report: the report
 * @section: the way
 *
 * Return: the chosen one, or the first that spans the way and has a flight; or NULL.
 */
const struct lw_report_stage *lw_sight_stage(const struct lw_sight *sight,
					     const struct lw_report *report,
					     const struct lw_section *section)
{
	const struct lw_report_stage *stage = NULL;

	if (!lw_section_has_stages(section))
		return NULL;
	while ((stage = lw_report_next_stage(report, section->vm, section->path,
					     stage))) {
		if (sight->stage.known && stage->id == sight->stage.v)
			return stage;
		if (!sight->stage.known &&
		    stage->flags & LATWATCH_STAGE_FLAGS_TOTAL &&
		    lw_report_find_watermark(report, section->vm, stage->id))
			return stage;
	}
	return NULL;
}

static size_t within(size_t at, int step, size_t nr)
{
	if (step < 0)
		return at < (size_t)-(long)step ? 0 : at - (size_t)-(long)step;
	return nr - 1 - at < (size_t)step ? nr - 1 : at + (size_t)step;
}

/* To a way some lines further on; with @around, behind the last comes the first. */
static void move_way(struct lw_sight *sight, const struct lw_report *report,
		     int step, bool around)
{
	struct lw_section *sections;
	size_t nr, at;

	if (lw_sections(report, &sections, &nr))
		return;
	at = lw_sight_way(sight, sections, nr);
	at = around ? (at + (step > 0 ? 1 : nr - 1)) % nr :
		      within(at, step, nr);
	lw_sight_choose(sight, &sections[at]);
	free(sections);
}

/* The first way of the next VM; behind the last comes what is the host's. */
static void move_vm(struct lw_sight *sight, const struct lw_report *report)
{
	struct lw_section *sections;
	size_t nr, at, i;

	if (lw_sections(report, &sections, &nr))
		return;
	at = lw_sight_way(sight, sections, nr);
	for (i = (at + 1) % nr; i && sections[i].vm == sections[at].vm;)
		i = (i + 1) % nr;
	lw_sight_choose(sight, &sections[i]);
	free(sections);
}

static void go_to_vm(struct lw_sight *sight, const struct lw_report *report,
		     uint64_t id)
{
	struct lw_section *sections;
	size_t nr, i;

	if (lw_sections(report, &sections, &nr))
		return;
	for (i = 0; i < nr; i++)
		if (id ? sections[i].vm && sections[i].vm->id == id :
			 !sections[i].vm)
			break;
	if (i < nr)
		lw_sight_choose(sight, &sections[i]);
	else
		snprintf(sight->message, sizeof(sight->message),
			 "no VM has the id %u", (unsigned int)id);
	free(sections);
}

static void move_stage(struct lw_sight *sight, const struct lw_history *history,
		       int step)
{
	const struct lw_report *report = lw_history_shown(history);
	const struct lw_report_stage *stage;
	struct lw_section *sections;
	struct lw_rows rows;
	size_t nr, at;

	if (lw_sections(report, &sections, &nr))
		return;
	at = lw_sight_way(sight, sections, nr);
	stage = lw_sight_stage(sight, report, &sections[at]);
	if (!lw_sight_rows(sight, history, &sections[at], &rows) && rows.nr) {
		for (at = 0; stage && at < rows.nr; at++)
			if (rows.row[at].stage->id == stage->id)
				break;
		at = stage && at < rows.nr ? within(at, step, rows.nr) : 0;
		sight->stage.v = rows.row[at].stage->id;
		sight->stage.known = true;
	}
	lw_rows_clear(&rows);
	free(sections);
}

static void move(struct lw_sight *sight, const struct lw_history *history, int step)
{
	switch (sight->focus) {
	case LW_PANE_WAYS:
		move_way(sight, lw_history_shown(history), step, false);
		break;
	case LW_PANE_STAGES:
		move_stage(sight, history, step);
		sight->top[LW_PANE_FLIGHT] = 0;
		break;
	default:
		sight->top[sight->focus] += step;
	}
}

/* The pane after this one; which of them has room is seen when they are drawn. */
static void move_focus(struct lw_sight *sight, int step)
{
	sight->focus = (enum lw_pane_id)(((int)sight->focus + step +
					  LW_PANE_HELP) % LW_PANE_HELP);
}

/* Another report of those that are kept; looking back freezes. */
static void step_back(struct lw_sight *sight, struct lw_history *history, int step)
{
	size_t older = history->nr - 1 - history->back;

	sight->frozen = !sight->saved;
	if (step > 0 && older)
		history->back += older < (size_t)step ? older : (size_t)step;
	else if (step < 0 && history->back)
		history->back -= history->back < (size_t)-(long)step ? history->back :
								 (size_t)-(long)step;
	else
		snprintf(sight->message, sizeof(sight->message), "%s",
			 step > 0 ? "no older report is kept" :
				    "this is the newest report");
}

static enum lw_wish answer_reset(struct lw_sight *sight, int key)
{
	sight->ask = LW_ASK_NOTHING;
	return key == 'y' || key == 'Y' ? LW_WISH_RESET : LW_WISH_DRAW;
}

static enum lw_wish answer_search(struct lw_sight *sight, int key)
{
	size_t len = strlen(sight->search);

	if (key == LW_KEY_ENTER || key == LW_KEY_ESCAPE) {
		sight->ask = LW_ASK_NOTHING;
		sight->seek = key == LW_KEY_ENTER && len;
	} else if (key == LW_KEY_RUBOUT && len) {
		sight->search[len - 1] = '\0';
	} else if (key >= ' ' && key <= '~' && len + 1 < sizeof(sight->search)) {
		sight->search[len] = (char)key;
		sight->search[len + 1] = '\0';
	}
	return LW_WISH_DRAW;
}

static enum lw_wish ask_reset(struct lw_sight *sight)
{
	if (sight->saved)
		snprintf(sight->message, sizeof(sight->message),
			 "a saved report cannot be reset");
	else
		sight->ask = LW_ASK_RESET;
	return LW_WISH_DRAW;
}

static enum lw_wish freeze(struct lw_sight *sight, struct lw_history *history)
{
	if (sight->saved) {
		snprintf(sight->message, sizeof(sight->message),
			 "a saved report is always frozen");
		return LW_WISH_DRAW;
	}
	sight->frozen = !sight->frozen;
	history->back = 0;
	return sight->frozen ? LW_WISH_DRAW : LW_WISH_REPORT;
}

static enum lw_wish obey_letter(struct lw_sight *sight, struct lw_history *history,
				int key)
{
	switch (key) {
	case 'q':
	case 'Q':
		return LW_WISH_QUIT;
	case 'r':
		return ask_reset(sight);
	case 'p':
	case ' ':
		return freeze(sight, history);
	case '[':
		step_back(sight, history, 1);
		break;
	case ']':
		step_back(sight, history, -1);
		break;
	case '{':
		step_back(sight, history, 10);
		break;
	case '}':
		step_back(sight, history, -10);
		break;
	case 's':
		sight->sort = (enum lw_sort)((sight->sort + 1) % LW_SORTS);
		break;
	case 'S':
		sight->sort = (enum lw_sort)((sight->sort + LW_SORTS - 1) %
					     LW_SORTS);
		break;
	case 'v':
		move_vm(sight, lw_history_shown(history));
		break;
	case '/':
		sight->ask = LW_ASK_SEARCH;
		sight->search[0] = '\0';
		break;
	case 'n':
		sight->seek = sight->search[0];
		break;
	case '>':
		sight->aside += 20;
		break;
	case '<':
		sight->aside -= 20;
		break;
	case 'w':
		return LW_WISH_SAVE;
	case '?':
	case 'h':
		sight->focus = LW_PANE_HELP;
		break;
	default:
		if (key < '0' || key > '9')
			return LW_WISH_NOTHING;
		go_to_vm(sight, lw_history_shown(history),
			 (uint64_t)(key - '0'));
	}
	return LW_WISH_DRAW;
}

/* The help takes the keys that move, and goes away by any other. */
static bool leaves_help(const struct lw_sight *sight, int key)
{
	return sight->focus == LW_PANE_HELP && key != LW_KEY_UP &&
	       key != LW_KEY_DOWN && key != LW_KEY_PAGE_UP &&
	       key != LW_KEY_PAGE_DOWN && key != LW_KEY_HOME &&
	       key != LW_KEY_END && key != LW_KEY_REDRAW && key != 'q' &&
	       key != 'Q';
}

/**
 * lw_sight_obey - do what a key says
 * @sight: what is looked at; changes
 * @history: has one report at least
 * @key: the key
 *
 * Return: what is left to be done.
 */
enum lw_wish lw_sight_obey(struct lw_sight *sight, struct lw_history *history,
			   int key)
{
	int page = sight->page[sight->focus] > 1 ? sight->page[sight->focus] - 1 : 1;

	if (key == LW_KEY_NONE)
		return LW_WISH_NOTHING;
	if (key == LW_KEY_QUIT)
		return LW_WISH_QUIT;
	sight->message[0] = '\0';
	if (key == LW_KEY_REDRAW)
		return LW_WISH_DRAW;
	if (sight->ask == LW_ASK_RESET)
		return answer_reset(sight, key);
	if (sight->ask == LW_ASK_SEARCH)
		return answer_search(sight, key);
	if (leaves_help(sight, key)) {
		sight->focus = LW_PANE_STAGES;
		return LW_WISH_DRAW;
	}
	switch (key) {
	case LW_KEY_UP:
		move(sight, history, -1);
		break;
	case LW_KEY_DOWN:
		move(sight, history, 1);
		break;
	case LW_KEY_PAGE_UP:
		move(sight, history, -page);
		break;
	case LW_KEY_PAGE_DOWN:
		move(sight, history, page);
		break;
	case LW_KEY_HOME:
		move(sight, history, -100000);
		break;
	case LW_KEY_END:
		move(sight, history, 100000);
		break;
	case LW_KEY_LEFT:
		move_way(sight, lw_history_shown(history), -1, true);
		break;
	case LW_KEY_RIGHT:
		move_way(sight, lw_history_shown(history), 1, true);
		break;
	case LW_KEY_TAB:
		move_focus(sight, 1);
		break;
	case LW_KEY_BACKTAB:
		move_focus(sight, -1);
		break;
	case LW_KEY_ENTER:
		/* from a way to its stages, from a stage to its worst flight */
		if (sight->focus < LW_PANE_FLIGHT)
			move_focus(sight, 1);
		break;
	case LW_KEY_ESCAPE:
		sight->search[0] = '\0';
		break;
	default:
		return obey_letter(sight, history, key);
	}
	return LW_WISH_DRAW;
}
