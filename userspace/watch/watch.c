// SPDX-License-Identifier: GPL-2.0
/*
 * Reports again and again: on a screen of its own where there is a terminal, one
 * after the other where there is none.  Takes reports from collect.c, gives them to
 * the history and to layout.c, or to a view.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "color.h"
#include "watch/layout.h"
#include "watch/plain.h"
#include "watch/screen.h"
#include "watch/watch.h"

/* Without new reports, nothing but keys is waited for. */
#define LONG_MS 60000

/**
 * struct screen - a watch on a terminal
 * @watch: what and how
 * @sight: what the user looks at
 * @history: the reports
 * @running: what the reporter says of itself
 * @cpu_ns: what it had taken of CPUs when that was looked at last
 * @at_ms: when that was
 */
struct screen {
	struct lw_watch *watch;
	struct lw_sight sight;
	struct lw_history *history;
	struct lw_running running;
	int64_t cpu_ns;
	int64_t at_ms;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_until(int64_t then_ms)
{
	struct timespec then = {
		.tv_sec = (time_t)(then_ms / 1000),
		.tv_nsec = (long)(then_ms % 1000) * 1000000,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then,
			       NULL) == EINTR)
		;
}

/* A pid may pass to another process while we watch; the id does not. */
static void keep_chosen(struct lw_watch *watch, const struct lw_report *report)
{
	watch->want.vm = report->chosen;
}

static int show_block(struct lw_watch *watch, struct lw_history *history,
		      struct lw_report *report)
{
	int err;

	if (history) {
		lw_history_add(history, report);
		return watch->view(lw_history_shown(history), &watch->options,
				   stdout);
	}
	err = watch->view(report, &watch->options, stdout);
	lw_report_clear(report);
	return err;
}

static int run_blocks(struct lw_watch *watch, struct lw_history *history)
{
	int64_t next = now_ms();
	unsigned long nr = 0;
	struct lw_report report;
	int err;

	watch->options.stream = true;
	watch->options.history = history;
	for (;;) {
		err = lw_collect(watch->nl, &watch->want, &report);
		if (err)
			return err;
		keep_chosen(watch, &report);
		watch->options.first = !nr++;
		if (watch->for_people && !watch->options.first)
			fputc('\n', stdout);
		err = show_block(watch, history, &report);
		if (err || fflush(stdout))
			return err;
		if (nr == watch->count)
			return 0;
		/* What was missed, stopped or behind a slow pipe, is not made up for. */
		next += watch->interval_ms;
		if (next < now_ms())
			next = now_ms() + watch->interval_ms;
		sleep_until(next);
	}
}

/* Of one CPU, since it was looked at last. */
static void measure_own(struct screen *screen)
{
	struct rusage usage;
	int64_t cpu_ns, now = now_ms();

	getrusage(RUSAGE_SELF, &usage);
	cpu_ns = ((int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
			 1000000000 +
		 ((int64_t)usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
	if (screen->at_ms && now > screen->at_ms) {
		screen->running.own.v = (long double)(cpu_ns - screen->cpu_ns) /
					(long double)(now - screen->at_ms) / 1e4L;
		screen->running.own.known = true;
	}
	screen->cpu_ns = cpu_ns;
	screen->at_ms = now;
}

static int draw(struct screen *screen)
{
	struct lw_watch *watch = screen->watch;
	struct lw_canvas canvas;
	int cols, rows, err;

	lw_screen_size(&cols, &rows);
	lw_canvas_init(&canvas, cols);
	if (watch->view == lw_view_page)
		err = lw_layout(&screen->sight, screen->history,
				&screen->running, rows, &canvas);
	else
		err = lw_plain(&screen->sight, screen->history, watch->view,
			       &watch->options, rows, &canvas);
	if (!err)
		lw_screen_draw(&canvas);
	lw_canvas_clear(&canvas);
	return err;
}

/* The report that is looked at; the file must be new. */
static void save(struct screen *screen)
{
	const struct lw_report *report = lw_history_shown(screen->history);
	struct lw_view_options options = { .first = true };
	struct lw_sight *sight = &screen->sight;
	time_t seconds = time(NULL);
	char name[64];
	struct tm tm;
	FILE *out;
	int fd, err;

	localtime_r(&seconds, &tm);
	strftime(name, sizeof(name), "latwatch-%Y%m%d-%H%M%S.json", &tm);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	err = out ? lw_view_json(report, &options, out) : -errno;
	if (out && fclose(out) && !err)
		err = -errno;
	if (err)
		snprintf(sight->message, sizeof(sight->message),
			 "cannot write %s: %s", name, strerror(-err));
	else
		snprintf(sight->message, sizeof(sight->message),
			 "written to %s", name);
}

static void reset(struct screen *screen)
{
	struct lw_watch *watch = screen->watch;
	struct lw_value epoch;
	int err = lw_reset(watch->nl, &epoch);

	if (err)
		snprintf(screen->sight.message, sizeof(screen->sight.message),
			 "cannot reset: %.90s",
			 watch->nl->error[0] ? watch->nl->error : strerror(-err));
	screen->sight.frozen = false;
}

/* Until it is time for the next report.  Returns 1 when the user quits, or an error. */
static int attend(struct screen *screen)
{
	int64_t end = now_ms() + screen->watch->interval_ms;
	int err = draw(screen);

	while (!err) {
		bool still = screen->sight.frozen || screen->sight.saved;
		int64_t left = still ? LONG_MS : end - now_ms();

		if (left <= 0)
			break;
		switch (lw_sight_obey(&screen->sight, screen->history,
				      lw_screen_key((int)left))) {
		case LW_WISH_NOTHING:
			continue;
		case LW_WISH_DRAW:
			break;
		case LW_WISH_REPORT:
			return 0;
		case LW_WISH_RESET:
			reset(screen);
			return 0;
		case LW_WISH_SAVE:
			save(screen);
			break;
		case LW_WISH_QUIT:
			return 1;
		}
		err = draw(screen);
	}
	return err;
}

static int run_screen(struct screen *screen)
{
	struct lw_watch *watch = screen->watch;
	unsigned long nr = 0;
	int ret = 0;

	/* The canvas has looks of its own. */
	lw_color_off();
	lw_sight_init(&screen->sight);
	screen->running.interval_ms = watch->interval_ms;
	if (watch->view == lw_view_page)
		watch->want.cost = true;
	if (watch->recording) {
		screen->sight.saved = true;
		return attend(screen);
	}
	while (!ret && (!watch->count || nr++ < watch->count)) {
		struct lw_report report;

		ret = lw_collect(watch->nl, &watch->want, &report);
		if (ret)
			break;
		keep_chosen(watch, &report);
		lw_history_add(screen->history, &report);
		measure_own(screen);
		ret = attend(screen);
	}
	return ret;
}

static int run(struct lw_watch *watch, struct screen *screen)
{
	int err;

	if (watch->for_people && watch->view != lw_view_screen &&
	    lw_screen_open(lw_color_is_used())) {
		err = run_screen(screen);
		lw_screen_close();
		return err < 0 ? err : 0;
	}
	if (watch->recording)
		return watch->view(lw_history_shown(watch->recording),
				   &watch->options, stdout);
	return run_blocks(watch, watch->view == lw_view_screen ?
					 screen->history : NULL);
}

/**
 * lw_watch_run - report until it is enough
 * @watch: what and how
 *
 * Return: 0, or a negative errno of lw_collect() or of the view.
 */
int lw_watch_run(struct lw_watch *watch)
{
	struct lw_history *own = watch->recording ? NULL :
						    calloc(1, sizeof(*own));
	struct screen screen = {
		.watch = watch,
		.history = watch->recording ? watch->recording : own,
	};
	int err;

	if (!screen.history)
		return -ENOMEM;
	if (watch->nl)
		watch->nl->error[0] = '\0';
	err = run(watch, &screen);
	if (own)
		lw_history_clear(own);
	free(own);
	return err;
}
