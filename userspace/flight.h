/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_FLIGHT_H
#define LW_FLIGHT_H

#include "model.h"

/**
 * struct lw_flight_span - a stage that a flight passed
 * @stage: the stage
 * @from_ns: when it began
 * @to_ns: when it ended
 * @cpu: where it ended
 * @taker: the task that took the flight over at its end, or NULL
 */
struct lw_flight_span {
	const struct lw_report_stage *stage;
	uint64_t from_ns;
	uint64_t to_ns;
	struct lw_value cpu;
	const struct lw_report_actor *taker;
};

/**
 * struct lw_flight - one flight in the order of time
 * @worst: the watermark that it made
 * @begin_ns: of its first mark
 * @end_ns: of its last mark, or when it was recorded if that is later
 * @spans: the stages that it passed
 * @nr_spans: how many
 */
struct lw_flight {
	const struct lw_report_watermark *worst;
	uint64_t begin_ns;
	uint64_t end_ns;
	struct lw_flight_span *spans;
	size_t nr_spans;
};

int lw_flight_read(const struct lw_report *report,
		   const struct lw_report_watermark *worst, uint32_t path,
		   struct lw_flight *flight);
const struct lw_flight_span *lw_flight_largest(const struct lw_flight *flight);
void lw_flight_clear(struct lw_flight *flight);
const struct lw_mark *lw_flight_taken(const struct lw_report_watermark *worst,
				      const struct lw_report_actor *actor);
const struct lw_report_actor *lw_flight_taker(const struct lw_report_watermark *worst,
					      const struct lw_mark *mark);
const struct lw_report_actor *lw_flight_next(const struct lw_report_watermark *worst,
					     const struct lw_report_actor *prev);

#endif
