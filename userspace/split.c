// SPDX-License-Identifier: GPL-2.0
/*
 * Where the time of a flight went, from the marks that were set on it.  Takes
 * the model, gives to the views.
 */
#include <string.h>

#include <linux/latwatch.h>

#include "split.h"

#define ONE(mark) (1u << LATWATCH_MARK_##mark)

#define RX (1u << LATWATCH_PATH_RX)
#define TX (1u << LATWATCH_PATH_TX)
#define LOCAL (1u << LATWATCH_PATH_LOCAL)
#define READER (1u << LATWATCH_PATH_READER)
#define DEVICE (1u << LATWATCH_PATH_DEVICE)

#define TERM(name, begin, end, of, ...)					\
	{ .stage = LATWATCH_STAGE_##name, .from = LATWATCH_MARK_##begin, \
	  .to = LATWATCH_MARK_##end, .paths = (of), ##__VA_ARGS__ }
#define PART(name, begin, end, of, ...) \
	TERM(name, begin, end, of, .no_term = true, ##__VA_ARGS__)

/*
 * Which marks bound a stage, as the family's description says.  A stage that
 * begins or ends differently by the way a flight took has a line for each.
 *
 * A flight passes stages of other paths than the one that it ended on: up to
 * the stack, a packet for a reader cannot be told from one for a guest, and one
 * that another guest sent was its backend's before.
 */
static const struct bounds {
	uint32_t stage;
	uint32_t from;
	uint32_t to;
	uint32_t paths;		/* whose flights it may be a part of */
	uint32_t with;		/* applies only where these marks are set ... */
	uint32_t without;	/* ... and none of these */
	bool no_term;		/* lies in another stage, or after the end */
} bounds[] = {
	TERM(HARD_IRQ, IRQ, THREAD_WAKE, RX | READER),
	TERM(HARD_IRQ, IRQ, RAISE, RX | READER, .without = ONE(THREAD_WAKE)),
	TERM(IRQ_THREAD_WAKE, THREAD_WAKE, THREAD_RUN, RX | READER),
	TERM(IRQ_THREAD, THREAD_RUN, RAISE, RX | READER),
	TERM(SOFTIRQ_WAIT, RAISE, SOFTIRQ, RX | READER),
	TERM(NAPI, SOFTIRQ, STACK, RX | READER),
	PART(STEERING, STEER, STACK, RX | READER),
	TERM(STACK, STACK, TAP, RX),
	PART(QDISC, QUEUE, TAP, RX, .with = ONE(STACK)),
	TERM(LOCAL_QUEUE, QUEUE, TAP, RX, .without = ONE(STACK)),
	TERM(SOCKET, STACK, TAKE, RX, .with = ONE(COPY)),
	TERM(XDP, SOFTIRQ, TAP, RX, .without = ONE(STACK)),
	TERM(TAP_DWELL, TAP, TAKE, RX),
	PART(BACKEND_WAKE, BACKEND_WAKE, BACKEND_RUN, RX),
	TERM(BACKEND_SERVICE, TAKE, SIGNAL, RX),
	TERM(SIGNAL, SIGNAL, VCPU_WAKE, RX),
	TERM(VCPU_WAKE, VCPU_WAKE, VCPU_RUN, RX),
	TERM(ENTRY, VCPU_RUN, ENTRY, RX, .with = ONE(VCPU_WAKE)),
	TERM(KICK, SIGNAL, ENTRY, RX, .without = ONE(VCPU_WAKE)),
	TERM(GUEST_EXIT, EXIT, KICK_WAKE, TX | RX),
	TERM(KICK_WAKE, KICK_WAKE, KICK_RUN, TX | RX),
	TERM(TX_SERVICE, KICK_RUN, STACK, TX | RX),
	TERM(TX_SERVICE, KICK_RUN, TAP, RX, .without = ONE(STACK)),
	TERM(TX_STACK, STACK, XMIT, TX),
	PART(TX_QDISC, QUEUE, XMIT, TX),
	PART(TX_COMPLETION, XMIT, COMPLETE, TX),
	TERM(LOCAL_QDISC, QUEUE, XMIT, LOCAL),
	PART(LOCAL_COMPLETION, XMIT, COMPLETE, LOCAL),
	TERM(READER_STACK, STACK, READER_WAKE, READER),
	TERM(READER_XDP, SOFTIRQ, READER_WAKE, READER, .without = ONE(STACK)),
	TERM(READER_WAKE, READER_WAKE, READER_RUN, READER),
	TERM(READER_COPY, READER_RUN, COPY, READER),
	TERM(DEVICE_HARD_IRQ, IRQ, THREAD_WAKE, DEVICE),
	TERM(DEVICE_HARD_IRQ, IRQ, SIGNAL, DEVICE,
	     .without = ONE(THREAD_WAKE)),
	TERM(DEVICE_IRQ_THREAD_WAKE, THREAD_WAKE, THREAD_RUN, DEVICE),
	TERM(DEVICE_IRQ_THREAD, THREAD_RUN, SIGNAL, DEVICE),
	TERM(DEVICE_SIGNAL, SIGNAL, VCPU_WAKE, DEVICE),
	TERM(DEVICE_VCPU_WAKE, VCPU_WAKE, VCPU_RUN, DEVICE),
	TERM(DEVICE_ENTRY, VCPU_RUN, ENTRY, DEVICE, .with = ONE(VCPU_WAKE)),
	TERM(DEVICE_KICK, SIGNAL, ENTRY, DEVICE, .without = ONE(VCPU_WAKE)),
};

/**
 * lw_watermark_find_mark - a mark of a flight
 * @worst: the watermark with the flight
 * @mark_id: enum latwatch_mark
 *
 * Return: the mark, or NULL if the flight did not pass it.
 */
const struct lw_mark *lw_watermark_find_mark(const struct lw_report_watermark *worst,
					     uint32_t mark_id)
{
	size_t i;

	for (i = 0; i < worst->nr_marks; i++)
		if (worst->marks[i].id == mark_id &&
		    worst->marks[i].time_ns.known)
			return &worst->marks[i];
	return NULL;
}

static uint32_t marks_of(const struct lw_report_watermark *worst)
{
	uint32_t set = 0;
	size_t i;

	for (i = 0; i < worst->nr_marks; i++)
		if (worst->marks[i].id <= LATWATCH_MARK_MAX &&
		    worst->marks[i].time_ns.known)
			set |= 1u << worst->marks[i].id;
	return set;
}

static struct lw_value part_of(const struct lw_report_watermark *worst, uint32_t set,
			       const struct bounds *bound)
{
	const struct lw_mark *from, *to;
	struct lw_value part = { 0 };

	if ((set & bound->with) != bound->with || set & bound->without)
		return part;
	from = lw_watermark_find_mark(worst, bound->from);
	to = lw_watermark_find_mark(worst, bound->to);
	if (!from || !to || to->time_ns.v < from->time_ns.v)
		return part;
	part.v = to->time_ns.v - from->time_ns.v;
	part.known = true;
	return part;
}

/**
 * lw_watermark_split - where the time of the worst flight went
 * @worst: the watermark, or NULL
 * @path: enum latwatch_path, of the watermark's stage
 * @split: is set
 */
void lw_watermark_split(const struct lw_report_watermark *worst, uint32_t path,
			struct lw_split *split)
{
	uint64_t largest = 0;
	uint32_t set;
	size_t i;

	memset(split, 0, sizeof(*split));
	split->largest = LW_NO_STAGE;
	if (!worst)
		return;
	set = marks_of(worst);
	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		struct lw_value part;

		if (path >= LW_PATHS || !(bounds[i].paths & 1u << path))
			continue;
		part = part_of(worst, set, &bounds[i]);
		if (!part.known)
			continue;
		split->part_ns[bounds[i].stage] = part;
		if (bounds[i].no_term)
			continue;
		split->sum_ns.v += part.v;
		split->sum_ns.known = true;
		if (part.v >= largest) {
			largest = part.v;
			split->largest = bounds[i].stage;
		}
	}
	if (split->sum_ns.known && worst->value_ns.known) {
		split->residual_ns.v = (int64_t)(worst->value_ns.v -
						 split->sum_ns.v);
		split->residual_ns.known = true;
	}
	if (worst->id < LW_SPLIT_STAGES)
		split->part_ns[worst->id] = worst->value_ns;
}
