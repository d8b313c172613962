// SPDX-License-Identifier: GPL-2.0
/* The tables of stages and marks: what others know them by. */
#include "model/blind.h"
#include "model/flight.h"
#include "ktap.h"
#include "model/stage.h"

#define ARRAY_LEN(a)	(sizeof(a) / sizeof((a)[0]))

/* by number, as they have been since 0.1.0; what is new comes last */
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
	S(DEVICE_END_TO_END),
#undef S
};

static const unsigned int mark_ids[] = {
#define M(id)	LATWATCH_MARK_##id
	M(IRQ), M(THREAD_WAKE), M(THREAD_RUN), M(RAISE), M(SOFTIRQ), M(STACK),
	M(QUEUE), M(TAP), M(BACKEND_WAKE), M(BACKEND_RUN), M(TAKE), M(SIGNAL),
	M(VCPU_WAKE), M(VCPU_RUN), M(ENTRY), M(EXIT), M(KICK_WAKE),
	M(KICK_RUN), M(XMIT), M(COMPLETE), M(READER_WAKE), M(READER_RUN),
	M(COPY), M(STEER),
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

static void every_number_is_written_down(void)
{
	EXPECT_EQ(ARRAY_LEN(stage_ids), LW_NSTAGES);
	EXPECT_EQ(ARRAY_LEN(mark_ids), LW_NMARKS);
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
	/* napi to end-to-end-vm */
	EXPECT_EQ(LW_BLIND_VM, range(9, 25));
	/* entry to end-to-end-vm */
	EXPECT_EQ(LW_BLIND_DELIVERY, range(21, 25));
	/* guest-exit to local-completion */
	EXPECT_EQ(LW_BLIND_NIC, range(26, 36));
}

static const struct ktap_test tests[] = {
	TEST(numbers_stay),
	TEST(every_number_is_written_down),
	TEST(places_are_the_rows),
	TEST(what_is_blind),
};

KTAP_MAIN(tests)
