// SPDX-License-Identifier: GPL-2.0
/* What came of a scenario. See outcome.h. */
#include "books/rank.h"
#include "machine.h"

unsigned int m_vm_account(const struct mm_struct *mm)
{
	unsigned int i;

	for (i = 0; i < lw_vm_slots; i++)
		if (lw_vms[i].state == LW_VM_LIVE && lw_vms[i].mm == mm)
			return i + 1;
	return 0;
}

const struct lw_sum *m_stat(unsigned int account, enum latwatch_stage stage)
{
	static struct lw_stat scratch[2];
	static struct lw_sum sum;

	lw_stat_sum(lw_books, account, stage, &sum, scratch);
	return &sum;
}

u64 m_line(enum lw_ledger line)
{
	return lw_ledger_total(lw_books, line);
}

u64 m_vm_line(unsigned int account, enum lw_ledger line)
{
	return lw_ledger_sum(lw_books, account, line);
}

u64 m_opened_on(u8 path)
{
	u64 n = lw_books->brought[LW_HOST][path];
	unsigned int i;

	for (i = 0; i < LW_NLEDGER; i++)
		if (lw_lines[i].path == path &&
		    lw_lines[i].category == LATWATCH_CATEGORY_OPENED)
			n += m_line(i);
	return n;
}

u64 m_opened(void)
{
	u64 n = 0;
	u8 path;

	for (path = 0; path < LW_NPATHS; path++)
		n += m_opened_on(path);
	return n;
}

/* by walking the keys, not by the table's own count */
static u64 keys(struct lw_table *t)
{
	unsigned int i;
	u64 n = 0;

	for (i = 0; i < lw_table_slots(t); i++)
		n += *lw_table_key(t, i) != 0;
	return n;
}

/* between two events no context is at work in a slot */
static u64 left_busy(struct lw_table *t)
{
	unsigned int i;
	u64 n = 0;

	for (i = 0; i < lw_table_slots(t); i++)
		n += (*lw_table_key(t, i) & LW_TABLE_BUSY) != 0;
	return n;
}

/* what a NIC's driver has is in the table, but its way has ended */
static u64 skbs_in_flight(u8 path, unsigned int account)
{
	unsigned int i;
	u64 n = 0;

	for (i = 0; i < lw_table_slots(&lw_skb_table); i++) {
		const struct lw_skb *p = lw_skb(i);

		if (*lw_table_key(&lw_skb_table, i) && !p->sent &&
		    p->path == path &&
		    (account == LW_HOST || p->account == account))
			n++;
	}
	return n;
}

u64 m_in_flight_on(u8 path, unsigned int account)
{
	const struct lw_vm *vm = account == LW_HOST ? NULL :
						      &lw_vms[account - 1];
	u64 n = 0;

	/* into a VM, whose packet it is is known from the take on */
	if (path != LATWATCH_PATH_RX || account == LW_HOST)
		n += skbs_in_flight(path, account);
	if (path == LATWATCH_PATH_RX)
		n += lw_batch_packets(vm, LW_BATCH_OPEN, false) +
		     lw_batch_packets(vm, LW_BATCH_SIGNALLED, false);
	if (path == LATWATCH_PATH_DEVICE)
		n += lw_batch_packets(vm, LW_BATCH_OPEN, true) +
		     lw_batch_packets(vm, LW_BATCH_SIGNALLED, true);
	return n;
}

u64 m_in_flight(void)
{
	u64 n = 0;
	u8 path;

	for (path = 0; path < LW_NPATHS; path++)
		n += m_in_flight_on(path, LW_HOST);
	return n;
}

/* does @line close packets in the books of @account? */
static bool closes(unsigned int line, unsigned int account)
{
	switch (lw_lines[line].category) {
	case LATWATCH_CATEGORY_OPENED:
	case LATWATCH_CATEGORY_NOTE:
		return false;
	case LATWATCH_CATEGORY_DROPPED:
		/* a VM's own books of what comes to it begin at the take */
		return account == LW_HOST ||
		       lw_lines[line].path != LATWATCH_PATH_RX;
	default:
		return true;
	}
}

/* of the host, which is all there is, or of a VM */
static bool balanced(const char *file, int line, unsigned int account, u8 path)
{
	u64 open = lw_books->brought[account][path], closed = 0;
	u64 in_flight = m_in_flight_on(path, account);
	unsigned int i;

	for (i = 0; i < LW_NLEDGER; i++) {
		u64 n = account == LW_HOST ? m_line(i) : m_vm_line(account, i);

		if (lw_lines[i].path != path)
			continue;
		if (closes(i, account))
			closed += n;
		else if (lw_lines[i].category == LATWATCH_CATEGORY_OPENED ||
			 (account != LW_HOST && i == LW_TAKEN))
			open += n;
	}
	if (open == closed + in_flight)
		return true;
	ktap_fail(file, line, "account %u, path %u: opened %llu is not closed %llu + in flight %llu",
		  account, path, open, closed, in_flight);
	return false;
}

bool m_balanced(const char *file, int line)
{
	unsigned int account;
	bool ok = true;
	u8 path;

	for (path = 0; path < LW_NPATHS; path++) {
		for (account = 0; account <= lw_vm_slots; account++)
			ok &= balanced(file, line, account, path);
		if (lw_skb_in_flight(path, LW_HOST) !=
		    skbs_in_flight(path, LW_HOST)) {
			ktap_fail(file, line, "path %u: %llu skbs are said to be in flight, %llu are",
				  path, lw_skb_in_flight(path, LW_HOST),
				  skbs_in_flight(path, LW_HOST));
			ok = false;
		}
	}
	if (keys(&lw_skb_table) != (u64)atomic_read(&lw_skb_table.used) ||
	    keys(&lw_task_table) != (u64)atomic_read(&lw_task_table.used)) {
		ktap_fail(file, line, "a table has lost count of its keys");
		ok = false;
	}
	if (left_busy(&lw_skb_table) || left_busy(&lw_task_table)) {
		ktap_fail(file, line, "a slot was taken and not given back");
		ok = false;
	}
	return ok;
}

/* no statistics can say what cannot be, whatever happened */
/* what came in between is not more than what it came in between of */
static bool blames_no_more(const char *file, int line, unsigned int account,
			   unsigned int stage, const struct lw_sum *s)
{
	static struct lw_ranks r, scratch;
	u64 worst, sum = s->unknown_sum;
	unsigned int i;

	lw_ranks_sum(lw_books, account, stage, s->worst_ns, &r, &scratch);
	worst = s->explained_ns == s->worst_ns ? s->unknown_ns : 0;
	for (i = 0; i < r.worst.n; i++)
		worst += r.worst.by[i].ns;
	worst += r.worst.n ? r.worst.others_ns : 0;
	for (i = 0; i < r.n; i++) {
		sum += r.rank[i].ns;
		if (r.rank[i].flights <= s->count)
			continue;
		ktap_fail(file, line, "%s of account %u: a culprit hit %llu flights of %llu",
			  lw_stages[stage].name, account, r.rank[i].flights, s->count);
		return false;
	}
	sum += r.others.ns;
	if (worst <= s->max && sum <= s->sum)
		return true;
	ktap_fail(file, line, "%s of account %u: culprits took %llu of %llu ns in the worst, %llu of %llu ns in sum",
		  lw_stages[stage].name, account, worst, s->max, sum, s->sum);
	return false;
}

bool m_sane(const char *file, int line)
{
	u64 elapsed = shim_now_ns - m_began_ns;
	unsigned int account, stage, mark, i;
	bool ok = m_bounded(file, line);

	for (account = 0; account <= lw_vm_slots; account++) {
		for (stage = 0; stage < LW_NSTAGES; stage++) {
			const struct lw_sum *s = m_stat(account, stage);
			u64 n = 0;

			if (!s->count)
				continue;
			for (i = 0; i < LW_HIST_BUCKETS; i++)
				n += s->hist[i];
			if (s->max > elapsed || s->min > s->max ||
			    s->sum < s->min * s->count ||
			    s->sum > s->max * s->count || n != s->count) {
				ktap_fail(file, line, "%s of account %u: %llu counted, %llu in buckets, min %llu max %llu sum %llu in %llu ns",
					  lw_stages[stage].name, account,
					  s->count, n, s->min, s->max, s->sum,
					  elapsed);
				ok = false;
			}
			ok = blames_no_more(file, line, account, stage, s) && ok;
			for (mark = 0; mark < LW_NMARKS; mark++)
				if (lw_flight_has(&s->worst, mark) &&
				    (s->worst.ns[mark] > shim_now_ns ||
				     s->worst.ns[mark] < m_began_ns ||
				     s->worst.cpu[mark] >= M_CPUS)) {
					ktap_fail(file, line, "%s of account %u: mark %s of the worst at %llu cpu %u",
						  lw_stages[stage].name,
						  account, lw_mark_names[mark],
						  s->worst.ns[mark],
						  s->worst.cpu[mark]);
					ok = false;
				}
		}
	}
	return ok;
}

/* when the worst of a stage began, by the row's mark */
static u64 began(const struct lw_stage *row, const struct lw_flight *f)
{
	return row->from ? f->ns[__builtin_ctz(row->from)] : f->begin_ns;
}

/* the mark that ended it; -1: none that is set */
static int ended_by(const struct lw_stage *row, const struct lw_flight *f)
{
	if (row->to & f->marks)
		return __builtin_ctz(row->to);
	return row->or_to & f->marks ? __builtin_ctz(row->or_to) : -1;
}

/* the worst of a stage is of a flight that passes it, from mark to mark of its row */
static bool worst_is_of(const struct lw_stage *row, const struct lw_sum *s)
{
	const struct lw_flight *f = &s->worst;
	int end = ended_by(row, f);
	u64 ns;

	if ((row->from & f->marks) != row->from ||
	    (row->with & f->marks) != row->with || (row->without | row->nor) & f->marks)
		return false;
	/* who records the end of a wake may have no use for its mark */
	if (end >= 0 && f->ns[end] != s->worst_ns)
		return false;
	ns = s->worst_ns - began(row, f);
	/* of a batch the first take begins it, and its oldest packet is the flight */
	if (row == &lw_stages[LATWATCH_STAGE_BACKEND_SERVICE])
		return ns <= s->max;
	return ns == s->max;
}

/* all that was recorded is bounded as the table of stages says */
bool m_bounded(const char *file, int line)
{
	unsigned int account, stage;
	bool ok = true;

	for (account = 0; account <= lw_vm_slots; account++) {
		for (stage = 0; stage < LW_NSTAGES; stage++) {
			const struct lw_sum *s = m_stat(account, stage);

			if (!s->count || worst_is_of(&lw_stages[stage], s))
				continue;
			ktap_fail(file, line, "%s of account %u: the worst, %llu ns until %llu, is not of its row; marks %x",
				  lw_stages[stage].name, account, s->max,
				  s->worst_ns, s->worst.marks);
			ok = false;
		}
	}
	return ok;
}

bool m_stat_is(const char *file, int line, unsigned int account,
	       enum latwatch_stage stage, u64 count, u64 min, u64 max, u64 sum)
{
	const struct lw_sum *s = m_stat(account, stage);

	if (s->count == count &&
	    (!count || (s->min == min && s->max == max && s->sum == sum)))
		return true;
	if (count)
		ktap_fail(file, line, "%s: count %llu min %llu max %llu sum %llu, not %llu %llu %llu %llu",
			  lw_stages[stage].name, s->count, s->min, s->max,
			  s->sum, count, min, max, sum);
	else
		ktap_fail(file, line, "%s: count %llu max %llu, not none",
			  lw_stages[stage].name, s->count, s->max);
	return false;
}
