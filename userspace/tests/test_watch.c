// SPDX-License-Identifier: GPL-2.0
/*
 * The watch without a terminal: what lies between two reports, axes, the canvas, where
 * keys lead, and that every size of a screen is drawn within its bounds.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "ktap.h"
#include "saved.h"
#include "scale.h"
#include "watch/canvas.h"
#include "watch/history.h"
#include "watch/key.h"
#include "watch/layout.h"
#include "watch/sight.h"

#define KNOWN(value) ((struct lw_value){ (value), true })
#define S 1000000000ull

static bool is(struct lw_value value, uint64_t v)
{
	return value.known && value.v == v;
}

/* A report of one stage, with buckets of its own. */
static struct lw_report report_of(uint64_t now, uint64_t epoch, uint64_t max,
				  const struct lw_report_bucket *buckets, size_t nr)
{
	struct lw_report report = { 0 };
	size_t i;

	report.info.now = KNOWN(now);
	report.info.epoch = KNOWN(epoch);
	report.nr_stages = 1;
	report.stages = calloc(1, sizeof(*report.stages));
	report.stages->id = 7;
	report.stages->count = KNOWN(0);
	report.stages->min_ns = KNOWN(1);
	report.stages->max_ns = KNOWN(max);
	report.stages->buckets = calloc(nr, sizeof(*buckets));
	report.stages->nr_buckets = nr;
	for (i = 0; i < nr; i++) {
		report.stages->buckets[i] = buckets[i];
		report.stages->count.v += buckets[i].count;
	}
	return report;
}

static const struct lw_report_bucket early[] = { { 0, 9, 5 }, { 100, 109, 1 } };
static const struct lw_report_bucket later[] = {
	{ 0, 9, 6 }, { 20, 29, 2 }, { 100, 109, 1 },
};

static void test_lately(void)
{
	struct lw_report a = report_of(S, 1, 105, early, 2);
	struct lw_report b = report_of(2 * S, 1, 105, later, 3);
	struct lw_report none = { 0 };
	struct lw_lately lately;

	lw_lately_read(&a, b.stages, &lately);
	CHECK(is(lately.count, 3));
	/* The maximum is an old one: only its bucket is known, to its end. */
	CHECK(is(lately.max_ns, 29) && lately.bound);
	/* It rose: it is the longest, exactly. */
	b.stages->max_ns.v = 107;
	lw_lately_read(&a, b.stages, &lately);
	CHECK(is(lately.max_ns, 107) && !lately.bound);
	/* A bucket's end beyond the maximum of all is none. */
	b.stages->max_ns.v = a.stages->max_ns.v = 104;
	b.stages->buckets[2].count = 2;
	b.stages->count.v++;
	lw_lately_read(&a, b.stages, &lately);
	CHECK(is(lately.max_ns, 104) && lately.bound && is(lately.count, 4));
	/* Nothing passed: that is not a time of 0. */
	lw_lately_read(&b, b.stages, &lately);
	CHECK(is(lately.count, 0) && !lately.max_ns.known);
	/* A stage that was not there yet: all of it came since. */
	lw_lately_read(&none, b.stages, &lately);
	CHECK(is(lately.count, 10) && is(lately.max_ns, 104) && !lately.bound);
	/* Less than before cannot be. */
	lw_lately_read(&b, a.stages, &lately);
	CHECK(!lately.count.known && !lately.max_ns.known);
	lw_lately_read(NULL, a.stages, &lately);
	CHECK(!lately.count.known && !lately.max_ns.known);
	lw_report_clear(&a);
	lw_report_clear(&b);
}

static void add(struct lw_history *history, uint64_t now, uint64_t epoch)
{
	struct lw_report report = report_of(now, epoch, 105, early, 2);

	lw_history_add(history, &report);
	CHECK(!report.nr_stages);
}

static uint64_t span(const struct lw_history *history, unsigned int seconds)
{
	const struct lw_report *before = lw_history_before(history, seconds);

	return before ? lw_history_shown(history)->info.now.v -
				before->info.now.v : 0;
}

static void test_history(void)
{
	struct lw_history *history = calloc(1, sizeof(*history));
	uint64_t i;

	add(history, 1000 * S, 1);
	CHECK(history->nr == 1 && !lw_history_before(history, 1));
	/* Ten a second: a second's worth is kept apart, the others are not. */
	for (i = 1; i <= 100; i++)
		add(history, 1000 * S + i * S / 10, 1);
	CHECK(history->nr >= 11 && history->nr <= 13);
	CHECK(lw_history_shown(history)->info.now.v == 1010 * S);
	CHECK(span(history, 1) >= S * 9 / 10 && span(history, 1) <= 2 * S);
	CHECK(span(history, 60) == 10 * S);
	/* One a second for two minutes: the last minute is there, not more. */
	for (i = 1; i <= 120; i++)
		add(history, (1010 + i) * S, 1);
	CHECK(history->nr >= 62 && history->nr <= 70);
	CHECK(span(history, 1) == S && span(history, 60) == 60 * S);
	/* Looking back: from there on, too, there is a now. */
	history->back = 2;
	CHECK(lw_history_shown(history)->info.now.v == 1128 * S);
	CHECK(span(history, 1) == S);
	history->back = history->nr - 1;
	CHECK(!lw_history_before(history, 1));
	/* Also if it is looked at only after a long time. */
	add(history, 5000 * S, 1);
	CHECK(history->nr == 2 && span(history, 1) == 3870 * S);
	/* After a reset nothing is left of before, nor if time goes back. */
	add(history, 6000 * S, 2);
	CHECK(history->nr == 1 && !history->back);
	add(history, 5999 * S, 2);
	CHECK(history->nr == 1);
	lw_history_clear(history);
	free(history);
}

/* As it was made: with all epochs, and no more than there is room for. */
static void test_recording(void)
{
	struct lw_history *history = calloc(1, sizeof(*history));
	uint64_t i;

	history->recording = true;
	for (i = 0; i < LW_HISTORY + 10; i++)
		add(history, (1000 + i) * S / 10, 1 + i / 1000);
	CHECK(history->nr == LW_HISTORY);
	CHECK(span(history, 1) == S * 9 / 10);
	/* There is no difference to a report of before a reset. */
	history->back = LW_HISTORY + 10 - 1 - 4000;
	CHECK(lw_history_shown(history)->info.epoch.v == 5);
	CHECK(!lw_history_before(history, 1));
	history->back--;
	CHECK(span(history, 60) == S / 10);
	lw_history_clear(history);
	CHECK(!history->bytes);
	free(history);
}

static void test_cost(void)
{
	struct lw_report_cost first = { .total_ns = 1000 }, second = { .total_ns = 6000 };
	struct lw_report a = { .self_cost = true, .costs = &first, .nr_costs = 1 };
	struct lw_report b = { .self_cost = true, .costs = &second, .nr_costs = 1 };

	a.info.now = KNOWN(100000);
	b.info.now = KNOWN(200000);
	CHECK(lw_lately_cost(&a, &b).known && lw_lately_cost(&a, &b).v == 5);
	CHECK(!lw_lately_cost(NULL, &b).known);
	CHECK(!lw_lately_cost(&b, &b).known);
	b.self_cost = false;
	CHECK(!lw_lately_cost(&a, &b).known);
	/* Switched off and on: it counts anew. */
	b.self_cost = true;
	second.total_ns = 10;
	CHECK(!lw_lately_cost(&a, &b).known);
}

static void test_scale(void)
{
	struct lw_report_bucket buckets[] = { { 100, 199, 1 }, { 5000, 5500, 9 } };
	struct lw_report_stage stage = {
		.count = KNOWN(10), .min_ns = KNOWN(150), .max_ns = KNOWN(5200),
		.buckets = buckets, .nr_buckets = 2,
	}, none = { .count = KNOWN(0) };
	struct lw_scale scale = { 0 };
	uint64_t columns[20], sum = 0, step;
	char text[128];
	int i;

	lw_scale_add(&scale, &none);
	CHECK(!scale.decades);
	lw_scale_add(&scale, &stage);
	CHECK(scale.first == 2 && scale.decades == 2);
	CHECK(lw_scale_place(&scale, 100) == 0 && lw_scale_place(&scale, 10000) == 1);
	CHECK(lw_scale_place(&scale, 1000) == 0.5 && lw_scale_place(&scale, 0) == 0);
	lw_scale_columns(&scale, &stage, columns, 20);
	for (i = 0; i < 20; i++)
		sum += columns[i];
	/* The first is three columns wide, the last ends with the maximum. */
	CHECK(columns[0] == 1 && columns[2] == 1 && !columns[3]);
	CHECK(columns[16] == 9 && columns[17] == 9 && !columns[18] && sum == 21);
	CHECK(lw_scale_height(0, 9) == 0 && lw_scale_height(9, 9) == 1);
	CHECK(lw_scale_height(1, 1000000) > 0.1);
	CHECK(!strcmp(lw_scale_name(text, 4), "10 us"));
	CHECK(!strcmp(lw_scale_name(text, 11), "100 s"));
	CHECK(lw_scale_step(146213, 5) == 50000 && lw_scale_step(0, 5) == 1);
	step = lw_scale_step(UINT64_MAX, 5);
	CHECK(step && UINT64_MAX / step <= 5);
}

static void test_canvas(void)
{
	struct lw_canvas canvas, copy;
	char *text = NULL;
	size_t size;
	FILE *out;

	lw_canvas_init(&canvas, 8);
	lw_canvas_text(&canvas, 1, 6, LW_LOOK_PLAIN, "too far");
	lw_canvas_right(&canvas, 0, 3, LW_LOOK_PLAIN, "wide one");
	lw_canvas_text(&canvas, 3, 0, LW_LOOK_BAD, "\033[2J");
	CHECK(canvas.rows == 4 && lw_canvas_has(&canvas, 0, "ONE"));
	CHECK(!lw_canvas_has(&canvas, 0, "wide") && !lw_canvas_has(&canvas, 9, ""));
	lw_canvas_init(&copy, 5);
	lw_canvas_copy(&copy, 0, &canvas, 0, 6);
	CHECK(copy.rows == 6);
	out = open_memstream(&text, &size);
	lw_canvas_print(&canvas, out);
	fclose(out);
	CHECK(!strcmp(text, "one\n      to\n\n?[2J\n"));
	free(text);
	lw_canvas_clear(&canvas);
	lw_canvas_clear(&copy);
}

/* What is saved, on a screen. */
static struct lw_history *open_saved(const char *path)
{
	struct lw_history *history = calloc(1, sizeof(*history));
	struct lw_report report;
	char error[128];

	CHECK(!lw_saved_read(path, &report, error, sizeof(error)));
	lw_history_add(history, &report);
	return history;
}

static bool draw(struct lw_sight *sight, const struct lw_history *history, int cols,
		 int rows)
{
	struct lw_running running = { .interval_ms = 1000 };
	struct lw_canvas canvas;
	bool fits;

	lw_canvas_init(&canvas, cols);
	fits = !lw_layout(sight, history, &running, rows, &canvas) &&
	       (!rows || canvas.rows == rows || rows < 3);
	lw_canvas_clear(&canvas);
	return fits;
}

static void test_sizes(void)
{
	static const char *const files[] = {
		"golden/json-paths.json", "golden/json-empty.json",
		"golden/json-missing.json", "saved/0.1.0.json",
	};
	struct lw_sight sight;
	size_t file;
	int cols, rows, pane;

	for (file = 0; file < sizeof(files) / sizeof(files[0]); file++) {
		struct lw_history *history = open_saved(files[file]);

		for (cols = 1; cols <= 220; cols += cols < 30 ? 3 : 17) {
			for (rows = 1; rows <= 70; rows += rows < 30 ? 1 : 13) {
				lw_sight_init(&sight);
				for (pane = 0; pane < LW_PANES; pane++) {
					sight.focus = (enum lw_pane_id)pane;
					CHECK(draw(&sight, history, cols, rows));
				}
			}
		}
		lw_history_clear(history);
		free(history);
	}
}

static enum lw_wish press(struct lw_sight *sight, struct lw_history *history, int key)
{
	enum lw_wish wish = lw_sight_obey(sight, history, key);

	CHECK(draw(sight, history, 80, 24));
	return wish;
}

static void press_all(struct lw_sight *sight, struct lw_history *history,
		      const char *keys)
{
	for (; *keys; keys++)
		press(sight, history, *keys);
}

static void test_keys(void)
{
	struct lw_history *history = open_saved("golden/json-paths.json");
	struct lw_sight sight;
	int i;

	lw_sight_init(&sight);
	CHECK(press(&sight, history, LW_KEY_NONE) == LW_WISH_NOTHING);
	CHECK(press(&sight, history, 'x') == LW_WISH_NOTHING);
	/* The ways: around with arrows, not beyond the ends with others. */
	press(&sight, history, LW_KEY_RIGHT);
	CHECK(is(sight.vm, 1) && sight.path == LATWATCH_PATH_TX);
	press(&sight, history, LW_KEY_LEFT);
	press(&sight, history, LW_KEY_LEFT);
	CHECK(!sight.vm.known && sight.path == LATWATCH_PATH_READER);
	press(&sight, history, '2');
	CHECK(is(sight.vm, 2) && sight.path == LATWATCH_PATH_RX);
	press(&sight, history, '9');
	CHECK(is(sight.vm, 2) && strstr(sight.message, "no VM has the id 9"));
	press(&sight, history, 'v');
	CHECK(!sight.vm.known);
	press(&sight, history, 'v');
	CHECK(is(sight.vm, 1) && !sight.message[0]);
	/* A stage, and its flight; another way forgets it. */
	press(&sight, history, LW_KEY_HOME);
	CHECK(is(sight.stage, LATWATCH_STAGE_HARD_IRQ));
	press(&sight, history, LW_KEY_UP);
	CHECK(is(sight.stage, LATWATCH_STAGE_HARD_IRQ));
	press(&sight, history, LW_KEY_DOWN);
	CHECK(is(sight.stage, LATWATCH_STAGE_IRQ_THREAD_WAKE));
	press(&sight, history, LW_KEY_END);
	CHECK(is(sight.stage, LATWATCH_STAGE_END_TO_END));
	/* Sorted by the maximum, the way's own comes first. */
	press(&sight, history, 's');
	CHECK(sight.sort == LW_SORT_MAX);
	press(&sight, history, LW_KEY_DOWN);
	CHECK(is(sight.stage, LATWATCH_STAGE_TAP_DWELL));
	press(&sight, history, 'S');
	CHECK(sight.sort == LW_SORT_WAY);
	press(&sight, history, LW_KEY_RIGHT);
	CHECK(!sight.stage.known);
	/* Panes in turn; notes are there here. */
	for (i = 0; i < LW_PANE_HELP; i++)
		press(&sight, history, LW_KEY_TAB);
	CHECK(sight.focus == LW_PANE_STAGES);
	press(&sight, history, LW_KEY_BACKTAB);
	CHECK(sight.focus == LW_PANE_WAYS);
	press(&sight, history, LW_KEY_ENTER);
	press(&sight, history, LW_KEY_ENTER);
	CHECK(sight.focus == LW_PANE_FLIGHT);
	press(&sight, history, LW_KEY_END);
	CHECK(sight.top[LW_PANE_FLIGHT] < 100);
	lw_history_clear(history);
	free(history);
}

static void test_answers(void)
{
	struct lw_history *history = open_saved("golden/json-paths.json");
	struct lw_sight sight;

	lw_sight_init(&sight);
	/* A reset is asked for, and only y is a yes. */
	CHECK(press(&sight, history, 'r') == LW_WISH_DRAW);
	CHECK(press(&sight, history, 'q') == LW_WISH_DRAW);
	press(&sight, history, 'r');
	CHECK(press(&sight, history, 'y') == LW_WISH_RESET);
	CHECK(press(&sight, history, 'y') == LW_WISH_NOTHING);
	/* What is typed to be searched for does nothing else. */
	press_all(&sight, history, "/QDISq");
	press(&sight, history, LW_KEY_RUBOUT);
	CHECK(press(&sight, history, LW_KEY_ENTER) == LW_WISH_DRAW);
	CHECK(strstr(sight.message, "'QDIS' is not found"));
	press(&sight, history, LW_KEY_RIGHT);
	press(&sight, history, 'n');
	CHECK(sight.focus == LW_PANE_FLIGHT && !sight.stage.known);
	press(&sight, history, 'n');
	CHECK(is(sight.stage, LATWATCH_STAGE_TX_QDISC));
	CHECK(sight.focus == LW_PANE_STAGES);
	press_all(&sight, history, "/passed through\n");
	CHECK(sight.focus == LW_PANE_WAYS && sight.path == LATWATCH_PATH_DEVICE);
	press_all(&sight, history, "/x");
	press(&sight, history, LW_KEY_ESCAPE);
	CHECK(!sight.seek && sight.ask == LW_ASK_NOTHING);
	/* The help goes away by any key but those that move in it, and q. */
	press(&sight, history, '?');
	press(&sight, history, LW_KEY_DOWN);
	CHECK(sight.focus == LW_PANE_HELP);
	press(&sight, history, 'r');
	CHECK(sight.focus == LW_PANE_STAGES && sight.ask == LW_ASK_NOTHING);
	CHECK(press(&sight, history, 'w') == LW_WISH_SAVE);
	CHECK(press(&sight, history, 'q') == LW_WISH_QUIT);
	CHECK(press(&sight, history, LW_KEY_QUIT) == LW_WISH_QUIT);
	lw_history_clear(history);
	free(history);
}

static void test_freeze(void)
{
	struct lw_history *history = calloc(1, sizeof(*history));
	struct lw_sight sight;
	uint64_t i;

	for (i = 0; i < 3; i++)
		add(history, (1000 + i) * S, 1);
	lw_sight_init(&sight);
	CHECK(lw_sight_obey(&sight, history, 'p') == LW_WISH_DRAW && sight.frozen);
	CHECK(lw_sight_obey(&sight, history, ' ') == LW_WISH_REPORT && !sight.frozen);
	/* Looking back freezes; there is an end of it on both sides. */
	for (i = 0; i < 3; i++)
		lw_sight_obey(&sight, history, '[');
	CHECK(sight.frozen && history->back == 2);
	CHECK(strstr(sight.message, "no older report"));
	for (i = 0; i < 3; i++)
		lw_sight_obey(&sight, history, ']');
	CHECK(sight.frozen && !history->back);
	CHECK(strstr(sight.message, "the newest"));
	/* A saved one has no other, and nothing to reset. */
	lw_sight_init(&sight);
	sight.saved = true;
	CHECK(lw_sight_obey(&sight, history, 'p') == LW_WISH_DRAW && !sight.frozen);
	CHECK(lw_sight_obey(&sight, history, 'r') == LW_WISH_DRAW);
	CHECK(sight.ask == LW_ASK_NOTHING && strstr(sight.message, "saved"));
	lw_history_clear(history);
	free(history);
}

static const struct ktap_test tests[] = {
	{ "between two reports", test_lately },
	{ "the last minute of reports", test_history },
	{ "a recording", test_recording },
	{ "what the probes take now", test_cost },
	{ "axes", test_scale },
	{ "canvas", test_canvas },
	{ "every size and pane", test_sizes },
	{ "keys that move", test_keys },
	{ "keys that ask", test_answers },
	{ "frozen, and looked back", test_freeze },
};

int main(void)
{
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
