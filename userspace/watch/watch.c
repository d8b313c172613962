// SPDX-License-Identifier: GPL-2.0
/*
 * Reports again and again: in place on a terminal, one after the other where
 * there is none.  Takes reports from collect.c, gives them to a view.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "color.h"
#include "watch/screen.h"
#include "watch/watch.h"

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

/**
 * lw_watch_neighbour - the VM before or after the one that is shown
 * @report: what is shown
 * @step: 1 or -1
 *
 * All VMs together come before the first and after the last.
 *
 * Return: its id; not known for all.
 */
struct lw_value lw_watch_neighbour(const struct lw_report *report, int step)
{
	size_t places = report->nr_vms + 1, place = 0, i;
	struct lw_value id = { 0 };

	for (i = 0; report->chosen.known && i < report->nr_vms; i++)
		if (report->vms[i].id == report->chosen.v)
			place = i + 1;
	place = (place + (step > 0 ? 1 : places - 1)) % places;
	if (place) {
		id.v = report->vms[place - 1].id;
		id.known = true;
	}
	return id;
}

/* A pid may pass to another process while we watch; the id does not. */
static void keep_chosen(struct lw_watch *watch, const struct lw_report *report)
{
	watch->want.vm = report->chosen;
}

static int run_blocks(struct lw_watch *watch)
{
	int64_t next = now_ms();
	unsigned long nr = 0;
	struct lw_report report;
	int err;

	watch->options.stream = true;
	for (;;) {
		err = lw_collect(watch->nl, &watch->want, &report);
		if (err)
			return err;
		keep_chosen(watch, &report);
		watch->options.first = !nr++;
		if (watch->for_people && !watch->options.first)
			fputc('\n', stdout);
		err = watch->view(&report, &watch->options, stdout);
		lw_report_clear(&report);
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

/* What is seen of a text that is larger than the screen: lines, columns. */
struct place {
	int scroll;
	int aside;
};

static int within(int place, int most)
{
	return place < 0 ? 0 : place > most ? most : place;
}

/* Returns whether what is shown is to be read anew. */
static bool obey(struct lw_watch *watch, const struct lw_report *report,
		 int key, struct place *place)
{
	const struct lw_report_vm *vm;

	switch (key) {
	case LW_KEY_NEXT:
	case LW_KEY_PREVIOUS:
		watch->want.vm = lw_watch_neighbour(report,
						    key == LW_KEY_NEXT ? 1 : -1);
		place->scroll = 0;
		return true;
	case LW_KEY_PAGE_DOWN:
		place->scroll += 10;
		break;
	case LW_KEY_PAGE_UP:
		place->scroll -= 10;
		break;
	case LW_KEY_ASIDE:
		place->aside += 20;
		break;
	case LW_KEY_BACK:
		place->aside -= 20;
		break;
	default:
		if (key < LW_KEY_DIGIT_FIRST || key > LW_KEY_DIGIT_LAST)
			return false;
		vm = lw_report_find_vm(report, (uint64_t)key);
		/* 0 stands for all, unless a VM has that id. */
		if (key && !vm)
			return false;
		watch->want.vm.known = !!vm;
		watch->want.vm.v = vm ? vm->id : 0;
		place->scroll = 0;
		return true;
	}
	return false;
}

static void draw(const struct lw_watch *watch, const char *text,
		 struct place *place)
{
	int most, most_aside;
	char status[160];

	snprintf(status, sizeof(status),
		 "q quit   r reset   v or arrows next VM   1-9 VM by id   0 all   page up, down   < > aside   every %d.%d s",
		 watch->interval_ms / 1000, watch->interval_ms % 1000 / 100);
	lw_screen_measure(text, &most, &most_aside);
	place->scroll = within(place->scroll, most);
	place->aside = within(place->aside, most_aside);
	lw_screen_draw(text, place->scroll, place->aside, status);
}

/* Shows one report until its time is over.  Returns 1 when the user quits. */
static int attend(struct lw_watch *watch, const struct lw_report *report,
		  const char *text, struct place *place)
{
	int64_t end = now_ms() + watch->interval_ms;
	struct lw_value epoch;
	int64_t left;
	int key, err;

	draw(watch, text, place);
	while ((left = end - now_ms()) > 0) {
		key = lw_screen_key((int)left);
		if (key == LW_KEY_QUIT)
			return 1;
		if (key == LW_KEY_RESET) {
			err = lw_reset(watch->nl, &epoch);
			return err < 0 ? err : 0;
		}
		if (obey(watch, report, key, place))
			return 0;
		if (key != LW_KEY_NONE)
			draw(watch, text, place);
	}
	return 0;
}

static int run_screen(struct lw_watch *watch)
{
	struct place place = { 0 };
	unsigned long nr = 0;
	int ret = 0;

	while (!ret && (!watch->count || nr++ < watch->count)) {
		struct lw_report report;
		char *text = NULL;
		size_t size;
		FILE *out;

		ret = lw_collect(watch->nl, &watch->want, &report);
		if (ret)
			break;
		keep_chosen(watch, &report);
		out = open_memstream(&text, &size);
		ret = out ? watch->view(&report, &watch->options, out) :
			    -ENOMEM;
		if (out && fclose(out))
			ret = -ENOMEM;
		if (!ret)
			ret = attend(watch, &report, text, &place);
		free(text);
		lw_report_clear(&report);
	}
	lw_screen_close();
	return ret < 0 ? ret : 0;
}

/**
 * lw_watch_run - report until it is enough
 * @watch: what and how
 *
 * Return: 0, or a negative errno of lw_collect() or of the view.
 */
int lw_watch_run(struct lw_watch *watch)
{
	watch->nl->error[0] = '\0';
	if (watch->for_people && lw_screen_open()) {
		/* The screen takes text alone. */
		lw_color_off();
		return run_screen(watch);
	}
	return run_blocks(watch);
}
