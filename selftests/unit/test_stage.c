// SPDX-License-Identifier: GPL-2.0
/* The tables of stages and marks: what others know them by. */
#include "model/blind.h"
#include "model/flight.h"
#include "ktap.h"
#include "model/stage.h"

#define ARRAY_LEN(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * By number, as they have been since 0.1.0. A release adds what is new in it: what is
 * later than the last one has no number to keep yet.
 */
static const unsigned int stage_ids[] = {
#define S(id)	LATWATCH_STAGE_##id
	S(HARD_IRQ), S(IRQ_THREAD_WAKE), S(IRQ_THREAD), S(SOFTIRQ_WAIT),
	S(SOFTIRQ_WAIT_THREAD), S(SOFTIRQ_WAIT_KSOFTIRQD),
	S(SOFTIRQ_WAIT_KTIMERS), S(SOFTIRQ_WAIT_NAPI), S(SOFTIRQ_WAIT_OTHER),
	S(NAPI), S(STEERING), S(STACK), S(QDISC), S(LOCAL_QUEUE), S(SOCKET),
	S(XDP), S(TAP_DWELL), S(BACKEND_WAKE), S(BACKEND_SERVICE), S(SIGNAL),
	S(VCPU_WAKE), S(ENTRY), S(KICK), S(END_TO_END), S(END_TO_END_LOCAL),
	S(END_TO_END_VM), S(GUEST_EXIT), S(KICK_WAKE), S(TX_SERVICE),
	S(TX_STACK), S(TX_QDISC), S(TX_END_TO_END), S(TX_DRIVER),
	S(TX_COMPLETION), S(LOCAL_QDISC), S(LOCAL_DRIVER), S(LOCAL_COMPLETION),
	S(READER_STACK), S(READER_XDP), S(READER_WAKE), S(READER_COPY),
	S(READER_END_TO_END), S(READER_END_TO_END_XDP), S(DEVICE_HARD_IRQ),
	S(DEVICE_IRQ_THREAD_WAKE), S(DEVICE_IRQ_THREAD), S(DEVICE_SIGNAL),
	S(DEVICE_VCPU_WAKE), S(DEVICE_ENTRY), S(DEVICE_KICK),
	S(DEVICE_END_TO_END), S(BEFORE_POLL), S(PARKED), S(TX_PARKED), S(PENDING),
	S(READER_END_TO_END_VM), S(TO_PROCESS), S(PROCESS_WAKE), S(PROCESS),
	S(END_TO_END_PROCESS),
#undef S
};

static const unsigned int mark_ids[] = {
#define M(id)	LATWATCH_MARK_##id
	M(IRQ), M(THREAD_WAKE), M(THREAD_RUN), M(RAISE), M(SOFTIRQ), M(STACK),
	M(QUEUE), M(TAP), M(BACKEND_WAKE), M(BACKEND_RUN), M(TAKE), M(SIGNAL),
	M(VCPU_WAKE), M(VCPU_RUN), M(ENTRY), M(EXIT), M(KICK_WAKE),
	M(KICK_RUN), M(XMIT), M(COMPLETE), M(READER_WAKE), M(READER_RUN),
	M(COPY), M(STEER), M(BOUND), M(PARK), M(UNPARK),
#undef M
};

static void numbers_stay(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(stage_ids); i++)
		EXPECT_EQ(stage_ids[i], i);
	for (i = 0; i < ARRAY_LEN(mark_ids); i++)
		EXPECT_EQ(mark_ids[i], i);
}

static void places_are_the_rows(void)
{
	static const unsigned int rows[] = {
#define X(id, ...)	LATWATCH_STAGE_##id,
		LW_STAGES(X)
#undef X
	};
	unsigned int i;

	EXPECT_EQ(ARRAY_LEN(rows), LW_NSTAGES);
	for (i = 0; i < ARRAY_LEN(rows); i++)
		EXPECT_EQ(lw_stages[rows[i]].place, i);
}

static bool is_one(u32 set)
{
	return set && !(set & (set - 1));
}

static bool has(const struct lw_stage *s, unsigned int flag)
{
	return s->flags & flag;
}

/* from a mark to another, but for totals and for what ends with no mark */
static void rows_have_bounds(void)
{
	unsigned int i;

	for (i = 0; i < LW_NSTAGES; i++) {
		const struct lw_stage *s = &lw_stages[i];
		u32 ends = s->from | s->to | s->or_to;

		EXPECT_EQ(!s->from, has(s, LATWATCH_STAGE_FLAGS_TOTAL));
		EXPECT(!s->from || is_one(s->from));
		EXPECT(!s->to || is_one(s->to));
		EXPECT(!s->or_to || is_one(s->or_to));
		/* what ends with no mark is no term of a sum */
		EXPECT(s->to || has(s, LATWATCH_STAGE_FLAGS_AFTER));
		EXPECT(s->to || !s->or_to);
		EXPECT(!(s->from & (s->to | s->or_to)) && !(s->to & s->or_to));
		EXPECT(!(s->with & s->without));
		EXPECT(!(s->with & ends) && !(s->without & ends));
		EXPECT(!(s->also & BIT(s->path)));
	}
}

/* in a row of its path that is no part itself, and may be passed by the same flights */
static void parts_lie_in_rows(void)
{
	unsigned int i;

	for (i = 0; i < LW_NSTAGES; i++) {
		const struct lw_stage *s = &lw_stages[i], *of = &lw_stages[s->within];

		if (!has(s, LATWATCH_STAGE_FLAGS_NESTED)) {
			EXPECT_EQ(s->within, 0);
			EXPECT(!has(s, LATWATCH_STAGE_FLAGS_BY_TASK));
			continue;
		}
		EXPECT_EQ(of->path, s->path);
		EXPECT(!has(of, LATWATCH_STAGE_FLAGS_NESTED));
		EXPECT(of->place < s->place);
		EXPECT_EQ(has(of, LATWATCH_STAGE_FLAGS_HOST), has(s, LATWATCH_STAGE_FLAGS_HOST));
		EXPECT(!(s->also & ~of->also));
		if (has(s, LATWATCH_STAGE_FLAGS_BY_TASK))
			EXPECT(s->from == of->from && s->to == of->to);
	}
}

/* terms follow each other: each begins where another ends, or where a flight does */
static void terms_are_a_chain(void)
{
	unsigned int path, i;

	for (path = 0; path <= LATWATCH_PATH_DEVICE; path++) {
		u32 begins = 0, ends = 0;

		for (i = 0; i < LW_NSTAGES; i++) {
			const struct lw_stage *s = &lw_stages[i];

			if (has(s, LATWATCH_STAGE_FLAGS_NESTED | LATWATCH_STAGE_FLAGS_AFTER |
				LATWATCH_STAGE_FLAGS_TOTAL) ||
			    (s->path != path && !(s->also & BIT(path))))
				continue;
			begins |= s->from;
			ends |= s->to | s->or_to;
		}
		EXPECT(!(begins & ~ends & ~(BIT(LATWATCH_MARK_BOUND) | BIT(LATWATCH_MARK_IRQ) |
					    BIT(LATWATCH_MARK_EXIT) | BIT(LATWATCH_MARK_QUEUE))));
	}
}

static void spans_are_the_rows(void)
{
	EXPECT(lw_stage_spans(LATWATCH_STAGE_NAPI, LATWATCH_MARK_SOFTIRQ,
			      LATWATCH_MARK_STACK));
	EXPECT(!lw_stage_spans(LATWATCH_STAGE_NAPI, LATWATCH_MARK_SOFTIRQ,
			       LATWATCH_MARK_TAP));
	EXPECT(!lw_stage_spans(LATWATCH_STAGE_NAPI, LATWATCH_MARK_STEER,
			       LATWATCH_MARK_STACK));
	/* either end */
	EXPECT(lw_stage_spans(LATWATCH_STAGE_HARD_IRQ, LATWATCH_MARK_IRQ,
			      LATWATCH_MARK_THREAD_WAKE));
	EXPECT(lw_stage_spans(LATWATCH_STAGE_HARD_IRQ, LATWATCH_MARK_IRQ,
			      LATWATCH_MARK_RAISE));
	/* a total, and what ends with no mark, have no two marks */
	EXPECT(!lw_stage_spans(LATWATCH_STAGE_END_TO_END, LATWATCH_MARK_IRQ,
			       LATWATCH_MARK_ENTRY));
	EXPECT(!lw_stage_spans(LATWATCH_STAGE_TX_DRIVER, LATWATCH_MARK_XMIT,
			       LATWATCH_MARK_COMPLETE));
}

/* the numbers from @first to @last */
static u64 range(unsigned int first, unsigned int last)
{
	u64 set = 0;

	for (; first <= last; first++)
		set |= 1ULL << first;
	return set;
}

/* the numbers are those of 0.1.0: a stage that comes later is added by number */
static void what_is_blind(void)
{
	/* napi to end-to-end-vm, before-poll, parked, pending, what goes through a process */
	EXPECT_EQ(LW_BLIND_VM, range(9, 25) | range(51, 52) | range(54, 54) | range(56, 59));
	/* entry to end-to-end-vm, pending, and through a process */
	EXPECT_EQ(LW_BLIND_DELIVERY, range(21, 25) | range(54, 54) | range(59, 59));
	/* guest-exit to local-completion, and tx-parked */
	EXPECT_EQ(LW_BLIND_NIC, range(26, 36) | range(53, 53));
}

static const struct ktap_test tests[] = {
	TEST(numbers_stay),
	TEST(places_are_the_rows),
	TEST(rows_have_bounds),
	TEST(parts_lie_in_rows),
	TEST(terms_are_a_chain),
	TEST(spans_are_the_rows),
	TEST(what_is_blind),
};

KTAP_MAIN(tests)
