// SPDX-License-Identifier: GPL-2.0
/*
 * One flight in the order of time: the stages that it passed, each with its begin
 * and its end, and the tasks that took it over.  Takes the model, gives to the views
 * that draw it.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/latwatch.h>

#include "flight.h"
#include "split.h"

/*
 * The marks at which a task took the flight over; the first that is there. A
 * packet from VM to VM has two backends: the later one is the one that is told.
 */
static const struct handover {
	uint32_t role;
	uint32_t mark;
} handovers[] = {
	{ LATWATCH_ROLE_IRQ_THREAD, LATWATCH_MARK_THREAD_RUN },
	{ LATWATCH_ROLE_RUNNER, LATWATCH_MARK_SOFTIRQ },
	{ LATWATCH_ROLE_BACKEND, LATWATCH_MARK_BACKEND_RUN },
	{ LATWATCH_ROLE_BACKEND, LATWATCH_MARK_TAKE },
	{ LATWATCH_ROLE_BACKEND, LATWATCH_MARK_KICK_RUN },
	{ LATWATCH_ROLE_VCPU, LATWATCH_MARK_VCPU_RUN },
	{ LATWATCH_ROLE_VCPU, LATWATCH_MARK_ENTRY },
	{ LATWATCH_ROLE_VCPU, LATWATCH_MARK_EXIT },
	{ LATWATCH_ROLE_INTERRUPTED, LATWATCH_MARK_IRQ },
	{ LATWATCH_ROLE_READER, LATWATCH_MARK_READER_RUN },
};

/**
 * lw_flight_taken - where a task took a flight over
 * @worst: the flight
 * @actor: one of its tasks
 *
 * Return: the mark, or NULL if it is not known.
 */
const struct lw_mark *lw_flight_taken(const struct lw_report_watermark *worst,
				      const struct lw_report_actor *actor)
{
	const struct lw_mark *mark = NULL;
	size_t i;

	for (i = 0; !mark && i < sizeof(handovers) / sizeof(handovers[0]); i++)
		if (actor->role.known && actor->role.v == handovers[i].role)
			mark = lw_watermark_find_mark(worst, handovers[i].mark);
	return mark;
}

/* Those without a mark come last, as they were reported. */
static uint64_t time_of(const struct lw_report_watermark *worst, size_t actor)
{
	const struct lw_mark *mark = lw_flight_taken(worst, &worst->actors[actor]);

	return mark ? mark->time_ns.v : UINT64_MAX;
}

/**
 * lw_flight_next - the task that came after another one
 * @worst: the flight
 * @prev: the task before, or NULL to begin
 *
 * They are reported by their roles; out of a guest the vCPU comes before the backend,
 * into it behind.
 *
 * Return: the task, or NULL after the last.
 */
const struct lw_report_actor *lw_flight_next(const struct lw_report_watermark *worst,
					     const struct lw_report_actor *prev)
{
	size_t before = prev ? (size_t)(prev - worst->actors) : 0, i;
	uint64_t after_ns = prev ? time_of(worst, before) : 0, next_ns = 0;
	const struct lw_report_actor *next = NULL;

	for (i = 0; i < worst->nr_actors; i++) {
		uint64_t ns = time_of(worst, i);

		if (prev && (ns < after_ns || (ns == after_ns && i <= before)))
			continue;
		if (!next || ns < next_ns) {
			next = &worst->actors[i];
			next_ns = ns;
		}
	}
	return next;
}

/**
 * lw_flight_taker - the task that took a flight over at a mark
 * @worst: the flight
 * @mark: one of its marks
 *
 * Return: the task, or NULL if none did.
 */
const struct lw_report_actor *lw_flight_taker(const struct lw_report_watermark *worst,
					      const struct lw_mark *mark)
{
	size_t i;

	for (i = 0; i < worst->nr_actors; i++)
		if (lw_flight_taken(worst, &worst->actors[i]) == mark)
			return &worst->actors[i];
	return NULL;
}

static int add_span(struct lw_flight *flight, const struct lw_report_watermark *worst,
		    const struct lw_report_stage *stage)
{
	const struct lw_mark *from, *to;
	struct lw_flight_span *span;
	size_t i;

	if (!lw_watermark_bounds(worst, stage, &from, &to))
		return 0;
	for (i = 0; i < flight->nr_spans; i++)
		if (flight->spans[i].stage->id == stage->id)
			return 0;
	span = lw_array_add(&flight->spans, &flight->nr_spans, sizeof(*span));
	if (!span)
		return -ENOMEM;
	span->stage = stage;
	span->from_ns = from->time_ns.v;
	span->to_ns = to->time_ns.v;
	span->cpu = to->cpu;
	span->taker = lw_flight_taker(worst, to);
	return 0;
}

/* In the order of time; what lies in another stage comes behind it. */
static int compare(const void *one, const void *other)
{
	const struct lw_flight_span *a = one, *b = other;

	if (a->from_ns != b->from_ns)
		return a->from_ns < b->from_ns ? -1 : 1;
	if (a->to_ns != b->to_ns)
		return a->to_ns > b->to_ns ? -1 : 1;
	return a->stage->id < b->stage->id ? -1 : a->stage->id > b->stage->id;
}

static void find_ends(struct lw_flight *flight,
		      const struct lw_report_watermark *worst)
{
	uint64_t begin = UINT64_MAX, end = 0;
	size_t i;

	for (i = 0; i < worst->nr_marks; i++) {
		uint64_t ns = worst->marks[i].time_ns.v;

		if (!worst->marks[i].time_ns.known)
			continue;
		begin = ns < begin ? ns : begin;
		end = ns > end ? ns : end;
	}
	if (worst->time_ns.known && worst->time_ns.v > end)
		end = worst->time_ns.v;
	/* what has no mark at its begin is as long as it was measured */
	if (begin > end)
		begin = worst->value_ns.known && worst->value_ns.v < end ?
				end - worst->value_ns.v : end;
	flight->begin_ns = begin;
	flight->end_ns = end;
}

/**
 * lw_flight_read - put a flight in the order of time
 * @report: the report, settled
 * @worst: the watermark with the flight
 * @path: enum latwatch_path, of the watermark's stage
 * @flight: is set, to be cleared
 *
 * A report that does not say where stages end has no stages here, only marks.
 *
 * Return: 0, or -ENOMEM.
 */
int lw_flight_read(const struct lw_report *report,
		   const struct lw_report_watermark *worst, uint32_t path,
		   struct lw_flight *flight)
{
	int err = 0;
	size_t i;

	*flight = (struct lw_flight){ .worst = worst };
	find_ends(flight, worst);
	for (i = 0; !err && i < report->nr_stages; i++)
		if (lw_stage_may_be_passed(&report->stages[i], path))
			err = add_span(flight, worst, &report->stages[i]);
	if (flight->nr_spans)
		qsort(flight->spans, flight->nr_spans, sizeof(*flight->spans),
		      compare);
	return err;
}

/**
 * lw_flight_largest - the longest of the stages that follow each other
 * @flight: the flight
 *
 * Return: the stage's span, or NULL.
 */
const struct lw_flight_span *lw_flight_largest(const struct lw_flight *flight)
{
	const uint32_t no_term = LATWATCH_STAGE_FLAGS_NESTED |
				 LATWATCH_STAGE_FLAGS_AFTER;
	const struct lw_flight_span *largest = NULL, *span;

	for (span = flight->spans; span < flight->spans + flight->nr_spans; span++)
		if (!(span->stage->flags & no_term) &&
		    (!largest || span->to_ns - span->from_ns >
					 largest->to_ns - largest->from_ns))
			largest = span;
	return largest;
}

/**
 * lw_flight_clear - free what lw_flight_read() took, also where it failed
 * @flight: the flight
 */
void lw_flight_clear(struct lw_flight *flight)
{
	free(flight->spans);
	flight->spans = NULL;
	flight->nr_spans = 0;
}
