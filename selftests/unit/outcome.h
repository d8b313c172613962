/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What came of a scenario: the engine's books, read for a test, and what must
 * be true of them whatever was played.
 *
 * Comes with machine.h, which plays it.
 */
#ifndef UNIT_OUTCOME_H
#define UNIT_OUTCOME_H

#include <linux/types.h>

unsigned int m_vm_account(const struct mm_struct *mm);
const struct lw_sum *m_stat(unsigned int account, enum latwatch_stage stage);
u64 m_line(enum lw_ledger line);
u64 m_vm_line(unsigned int account, enum lw_ledger line);
/* on one path; on all */
u64 m_opened_on(u8 path);
u64 m_opened(void);
u64 m_in_flight_on(u8 path, unsigned int account);
u64 m_in_flight(void);
bool m_balanced(const char *file, int line);
bool m_sane(const char *file, int line);
bool m_bounded(const char *file, int line);
bool m_stat_is(const char *file, int line, unsigned int account,
	       enum latwatch_stage stage, u64 count, u64 min, u64 max,
	       u64 sum);

#define EXPECT_BALANCE()	m_balanced(__FILE__, __LINE__)
#define EXPECT_SANE()		m_sane(__FILE__, __LINE__)
#define EXPECT_BOUNDED()	m_bounded(__FILE__, __LINE__)
/* @stage was counted @count times */
#define EXPECT_STAT(account, stage, count, min, max, sum) \
	m_stat_is(__FILE__, __LINE__, account, LATWATCH_STAGE_##stage, count, \
		  min, max, sum)
/* ... once, with this duration */
#define EXPECT_ONE(account, stage, ns) \
	EXPECT_STAT(account, stage, 1, ns, ns, ns)
#define EXPECT_NONE(account, stage)	EXPECT_STAT(account, stage, 0, 0, 0, 0)

#endif
