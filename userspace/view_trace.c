// SPDX-License-Identifier: GPL-2.0
/*
 * The worst flights as a trace of Chrome's, which Perfetto reads as well.  Takes
 * flights from flight.c, prints JSON.
 *
 * A way is a process there, a flight a thread: a slice for the flight, in it one for
 * each stage, and an instant for each mark.  Times are those of CLOCK_MONOTONIC, in
 * microseconds as the format wants them, with the nanoseconds behind the point.
 *
 * Viewers read times as doubles.  A slice that is told by its begin and how long it is
 * would then end a little before or behind the begin of the next one, which some put
 * inside of it for that; told by both its ends, it touches the next one exactly.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <linux/latwatch.h>

#include "capture.h"
#include "color.h"
#include "flight.h"
#include "format.h"
#include "json.h"
#include "section.h"
#include "split.h"
#include "view.h"

/**
 * struct track - the thread of a flight
 * @b: the document
 * @events: its list of events
 * @process: number of the way, from 1
 * @thread: number of the flight within it, from 1
 */
struct track {
	struct lw_json *b;
	cJSON *events;
	uint64_t process;
	uint64_t thread;
};

static void add_us(struct lw_json *b, cJSON *to, const char *key, uint64_t ns)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64 ".%03u", ns / 1000,
		 (unsigned int)(ns % 1000));
	lw_json_add(b, to, key, cJSON_CreateRaw(text));
}

static cJSON *add_event(const struct track *track, const char *phase,
			const char *name)
{
	cJSON *event = lw_json_object(track->b, track->events, NULL);

	lw_json_text(track->b, event, "ph", phase);
	lw_json_text(track->b, event, "name", name ? name : "-");
	lw_json_number(track->b, event, "pid", track->process);
	lw_json_number(track->b, event, "tid", track->thread);
	return event;
}

/* Names of processes and threads, in an event of their own. */
static void add_name(const struct track *track, const char *what, const char *name)
{
	cJSON *args = lw_json_object(track->b, add_event(track, "M", what), "args");

	lw_json_text(track->b, args, "name", name);
}

/* Returns what is said of it. */
static cJSON *begin_slice(const struct track *track, const char *name, uint64_t ns)
{
	cJSON *event = add_event(track, "B", name);

	lw_json_text(track->b, event, "cat", "latwatch");
	add_us(track->b, event, "ts", ns);
	return lw_json_object(track->b, event, "args");
}

static void end_slice(const struct track *track, const char *name, uint64_t ns)
{
	cJSON *event = add_event(track, "E", name);

	lw_json_text(track->b, event, "cat", "latwatch");
	add_us(track->b, event, "ts", ns);
}

static void add_actor(struct lw_json *b, cJSON *args,
		      const struct lw_report_actor *actor)
{
	char text[LW_TEXT_SIZE];

	lw_json_text(b, args, "task", actor->comm);
	lw_json_value(b, args, "pid", actor->pid);
	if (actor->policy.known)
		lw_json_text(b, args, "sched", lw_text_sched(text, actor));
}

static void add_marks(const struct track *track,
		      const struct lw_report_watermark *worst)
{
	const struct lw_report_actor *actor;
	cJSON *event, *args;
	size_t i;

	for (i = 0; i < worst->nr_marks; i++) {
		const struct lw_mark *mark = &worst->marks[i];

		if (!mark->time_ns.known)
			continue;
		event = add_event(track, "i", mark->name);
		lw_json_text(track->b, event, "cat", "latwatch.mark");
		lw_json_text(track->b, event, "s", "t");
		add_us(track->b, event, "ts", mark->time_ns.v);
		args = lw_json_object(track->b, event, "args");
		if (mark->cpu.known)
			lw_json_number(track->b, args, "cpu", mark->cpu.v);
		actor = lw_flight_taker(worst, mark);
		if (actor)
			add_actor(track->b, args, actor);
	}
}

static void begin_span(const struct track *track,
		       const struct lw_flight_span *span)
{
	cJSON *args = begin_slice(track, span->stage->name, span->from_ns);
	struct lw_value ns = { span->to_ns - span->from_ns, true };
	char text[LW_TEXT_SIZE];

	lw_json_text(track->b, args, "us", lw_text_us_exact(text, ns));
	if (span->cpu.known)
		lw_json_number(track->b, args, "cpu", span->cpu.v);
	if (span->taker)
		add_actor(track->b, args, span->taker);
}

/*
 * A slice ends before the one that it lies in.  What would reach out of it, in a report
 * whose marks are not those of the stages' table, is drawn up to its end.
 */
static void add_spans(const struct track *track, const struct lw_flight *flight)
{
	const struct lw_flight_span *open[LW_SPLIT_STAGES];
	uint64_t ends[LW_SPLIT_STAGES];
	size_t depth = 0, i;

	for (i = 0; i < flight->nr_spans && depth < LW_SPLIT_STAGES; i++) {
		const struct lw_flight_span *span = &flight->spans[i];

		while (depth && ends[depth - 1] <= span->from_ns) {
			depth--;
			end_slice(track, open[depth]->stage->name, ends[depth]);
		}
		begin_span(track, span);
		open[depth] = span;
		ends[depth] = depth && ends[depth - 1] < span->to_ns ?
				      ends[depth - 1] : span->to_ns;
		depth++;
	}
	while (depth--)
		end_slice(track, open[depth]->stage->name, ends[depth]);
}

static int add_flight(const struct track *track, const struct lw_report *report,
		      const struct lw_report_watermark *worst, uint32_t path)
{
	char name[LW_TEXT_SIZE + 16], value[LW_TEXT_SIZE];
	struct lw_flight flight;
	int err = lw_flight_read(report, worst, path, &flight);
	cJSON *args;

	snprintf(name, sizeof(name), "worst %s",
		 lw_text_plain(value, worst->name));
	add_name(track, "thread_name", name);
	args = begin_slice(track, name, flight.begin_ns);
	lw_json_text(track->b, args, "stage", worst->name);
	lw_json_text(track->b, args, "us", lw_text_us_exact(value, worst->value_ns));
	lw_json_text(track->b, args, "at",
		     lw_text_when(value, report, worst->time_ns, true));
	if (worst->irq.known)
		lw_json_number(track->b, args, "irq", worst->irq.v);
	if (!err)
		add_spans(track, &flight);
	end_slice(track, name, flight.end_ns);
	add_marks(track, worst);
	lw_flight_clear(&flight);
	return err;
}

static int add_process_name(const struct track *track,
			    const struct lw_section *section)
{
	struct lw_capture title;

	if (lw_capture_begin(&title))
		lw_section_print_title(section, title.out);
	if (lw_capture_end(&title))
		return -ENOMEM;
	add_name(track, "process_name", title.text);
	free(title.text);
	return 0;
}

/* Whole ways first; of each other stage the flight that was its worst. */
static int add_section(struct track *track, const struct lw_report *report,
		       const struct lw_section *section)
{
	int err = 0, totals;

	for (totals = 1; !err && totals >= 0; totals--) {
		const struct lw_report_stage *stage = NULL;

		while (!err && (stage = lw_report_next_stage(report, section->vm,
							     section->path, stage))) {
			const struct lw_report_watermark *worst =
				lw_report_find_watermark(report, section->vm,
							 stage->id);

			/* the host's own stages have a section of the host's */
			if (!worst || (section->vm && !worst->vm.known) ||
			    totals != !!(stage->flags & LATWATCH_STAGE_FLAGS_TOTAL))
				continue;
			if (!track->thread)
				err = add_process_name(track, section);
			track->thread++;
			if (!err)
				err = add_flight(track, report, worst,
						 section->path);
		}
	}
	return err;
}

/* Shows the document; see lw_view. */
int lw_view_trace(const struct lw_report *report,
		  const struct lw_view_options *options, FILE *out)
{
	struct lw_json b = { .failed = false };
	cJSON *root = cJSON_CreateObject(), *about;
	struct track track = { .b = &b };
	struct lw_section *sections = NULL;
	char *text = NULL, date[LW_TEXT_SIZE];
	size_t nr = 0, i;
	int err = lw_sections(report, &sections, &nr);

	(void)options;
	/* Titles must have no escapes of a terminal. */
	lw_color_off();
	track.events = lw_json_array(&b, root, "traceEvents");
	for (i = 0; !err && i < nr; i++) {
		track.process = i + 1;
		track.thread = 0;
		err = add_section(&track, report, &sections[i]);
	}
	lw_json_text(&b, root, "displayTimeUnit", "ns");
	about = lw_json_object(&b, root, "otherData");
	lw_json_text(&b, about, "reporter_version", LW_VERSION);
	lw_json_text(&b, about, "version", report->info.version);
	lw_json_text(&b, about, "kernel", report->info.kernel);
	lw_json_text(&b, about, "reported", lw_text_date(date, report));
	lw_json_text(&b, about, "clock", "CLOCK_MONOTONIC");
	if (!err && !b.failed)
		text = cJSON_PrintUnformatted(root);
	cJSON_Delete(root);
	free(sections);
	if (!text)
		return -ENOMEM;
	fprintf(out, "%s\n", text);
	cJSON_free(text);
	return 0;
}
