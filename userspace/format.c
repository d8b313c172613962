// SPDX-License-Identifier: GPL-2.0
/*
 * Figures and names as words.  Takes from the model, gives to the views.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <linux/latwatch.h>
#include <linux/sched.h>

#include "format.h"

/* The kernel's priorities: real time below the first, nice 0 at the second. */
#define PRIO_NORMAL_FIRST	100
#define PRIO_NICE_ZERO		120

#define NSEC_PER_SEC 1000000000ull

/**
 * lw_real_of - a measured number as a computed one
 * @value: the number
 *
 * Return: the same number.
 */
struct lw_real lw_real_of(struct lw_value value)
{
	return (struct lw_real){ (long double)value.v, value.known };
}

/**
 * lw_text_decimal - an integer of any size in digits
 * @text: room of LW_TEXT_SIZE
 * @number: the integer
 *
 * Return: @text.
 */
const char *lw_text_decimal(char *text, lw_u128 number)
{
	char reversed[48];
	size_t nr = 0, i;

	do {
		reversed[nr++] = (char)('0' + (int)(number % 10));
		number /= 10;
	} while (number);
	for (i = 0; i < nr; i++)
		text[i] = reversed[nr - 1 - i];
	text[nr] = '\0';
	return text;
}

/* Commas between each three digits of the integer that @digits begins with. */
static const char *group(char *text, const char *digits)
{
	size_t integer = strspn(digits, "0123456789");
	size_t i;
	char *to = text;

	for (i = 0; digits[i]; i++) {
		if (i && i < integer && !((integer - i) % 3))
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return text;
}

/**
 * lw_text_count - a count for a table
 * @text: room of LW_TEXT_SIZE
 * @count: the count
 *
 * Return: @text; "-" if it is not known.
 */
const char *lw_text_count(char *text, struct lw_value count)
{
	char digits[32];

	if (!count.known)
		return strcpy(text, "-");
	snprintf(digits, sizeof(digits), "%" PRIu64, count.v);
	return group(text, digits);
}

/**
 * lw_text_us - a time in microseconds for a table
 * @text: room of LW_TEXT_SIZE
 * @ns: the time
 *
 * Return: @text, with one digit after the point; "-" if it is not known.
 */
const char *lw_text_us(char *text, struct lw_real ns)
{
	char digits[64];
	bool negative = ns.v < 0;

	if (!ns.known)
		return strcpy(text, "-");
	snprintf(digits, sizeof(digits), "%.1Lf",
		 (negative ? -ns.v : ns.v) / 1000);
	if (negative && strcmp(digits, "0.0")) {
		text[0] = '-';
		group(text + 1, digits);
		return text;
	}
	return group(text, digits);
}

/**
 * lw_text_us_exact - a maximum in microseconds for a verdict
 * @text: room of LW_TEXT_SIZE
 * @ns: the time
 *
 * A bound that was rounded down would not be one.
 *
 * Return: @text, with all that was measured; "-" if it is not known.
 */
const char *lw_text_us_exact(char *text, struct lw_value ns)
{
	char digits[64];

	if (!ns.known)
		return strcpy(text, "-");
	snprintf(digits, sizeof(digits), "%" PRIu64 ".%03u", ns.v / 1000,
		 (unsigned int)(ns.v % 1000));
	return group(text, digits);
}

/**
 * lw_text_duration - a span that a person may grasp
 * @text: room of LW_TEXT_SIZE
 * @ns: the span
 *
 * Return: @text.
 */
const char *lw_text_duration(char *text, uint64_t ns)
{
	uint64_t seconds = ns / NSEC_PER_SEC;
	uint64_t minutes = seconds / 60, hours = minutes / 60;

	if (seconds < 10)
		snprintf(text, LW_TEXT_SIZE, "%" PRIu64 ".%u s", seconds,
			 (unsigned int)(ns % NSEC_PER_SEC / 100000000));
	else if (seconds < 120)
		snprintf(text, LW_TEXT_SIZE, "%" PRIu64 " s", seconds);
	else if (minutes < 120)
		snprintf(text, LW_TEXT_SIZE, "%" PRIu64 " min", minutes);
	else if (hours < 48)
		snprintf(text, LW_TEXT_SIZE, "%" PRIu64 " h %" PRIu64 " min",
			 hours, minutes % 60);
	else
		snprintf(text, LW_TEXT_SIZE, "%" PRIu64 " d %" PRIu64 " h",
			 hours / 24, hours % 24);
	return text;
}

/**
 * lw_text_when - when something happened, in local time
 * @text: room of LW_TEXT_SIZE
 * @report: the report that the time is from
 * @time_ns: CLOCK_MONOTONIC
 * @fraction: whether to show microseconds
 *
 * Return: @text, with the date unless it is that of the report; "-" if it is
 * not known.
 */
const char *lw_text_when(char *text, const struct lw_report *report,
			 struct lw_value time_ns, bool fraction)
{
	struct lw_value real = lw_report_realtime(report, time_ns);
	struct lw_value now = lw_report_realtime(report, report->info.now);
	struct tm then_tm, now_tm;
	time_t seconds;
	bool today = false;
	size_t len;

	if (!real.known)
		return strcpy(text, "-");
	seconds = (time_t)(real.v / NSEC_PER_SEC);
	if (!localtime_r(&seconds, &then_tm))
		return strcpy(text, "-");
	if (now.known) {
		seconds = (time_t)(now.v / NSEC_PER_SEC);
		today = localtime_r(&seconds, &now_tm) &&
			now_tm.tm_year == then_tm.tm_year &&
			now_tm.tm_yday == then_tm.tm_yday;
	}
	len = strftime(text, LW_TEXT_SIZE, today ? "%H:%M:%S" : "%F %H:%M:%S",
		       &then_tm);
	if (fraction)
		snprintf(text + len, LW_TEXT_SIZE - len, ".%06u",
			 (unsigned int)(real.v % NSEC_PER_SEC / 1000));
	return text;
}

/**
 * lw_text_date - when a report was made, in local time
 * @text: room of LW_TEXT_SIZE
 * @report: the report
 *
 * Return: @text, with date and zone; "-" if it is not known.
 */
const char *lw_text_date(char *text, const struct lw_report *report)
{
	struct lw_value real = lw_report_realtime(report, report->info.now);
	time_t seconds = (time_t)(real.v / NSEC_PER_SEC);
	struct tm tm;

	if (!real.known || !localtime_r(&seconds, &tm) ||
	    !strftime(text, LW_TEXT_SIZE, "%F %H:%M:%S %Z", &tm))
		return strcpy(text, "-");
	return text;
}

/**
 * lw_text_sched - policy and priority of a task, as chrt and nice name them
 * @text: room of LW_TEXT_SIZE
 * @actor: the task
 *
 * Return: @text; "-" if they are not known.
 */
const char *lw_text_sched(char *text, const struct lw_report_actor *actor)
{
	long long prio = actor->prio.v;
	const char *policy;

	if (!actor->policy.known)
		return strcpy(text, "-");
	switch (actor->policy.v) {
	case SCHED_FIFO:
		policy = "FIFO";
		break;
	case SCHED_RR:
		policy = "RR";
		break;
	case SCHED_DEADLINE:
		return strcpy(text, "DL");
	case SCHED_NORMAL:
		policy = "TS";
		break;
	case SCHED_BATCH:
		policy = "BATCH";
		break;
	case SCHED_IDLE:
		policy = "IDLE";
		break;
	default:
		snprintf(text, LW_TEXT_SIZE, "policy %" PRIu64,
			 actor->policy.v);
		return text;
	}
	if (!actor->prio.known)
		return strcpy(text, policy);
	if (actor->policy.v == SCHED_FIFO || actor->policy.v == SCHED_RR) {
		if (prio < 0)
			snprintf(text, LW_TEXT_SIZE, "%s, boosted to DL",
				 policy);
		else
			snprintf(text, LW_TEXT_SIZE, "%s %lld", policy,
				 PRIO_NORMAL_FIRST - 1 - prio);
	} else if (prio < 0) {
		snprintf(text, LW_TEXT_SIZE, "%s, boosted to DL", policy);
	} else if (prio < PRIO_NORMAL_FIRST) {
		/* It held a lock that a task of this priority waited for. */
		snprintf(text, LW_TEXT_SIZE, "%s, boosted to %lld", policy,
			 PRIO_NORMAL_FIRST - 1 - prio);
	} else {
		snprintf(text, LW_TEXT_SIZE, "%s %lld", policy,
			 prio - PRIO_NICE_ZERO);
	}
	return text;
}

/**
 * lw_text_plain - a received name that is safe on a terminal
 * @text: room of LW_TEXT_SIZE
 * @received: the name, or NULL
 *
 * A task can choose its name, with escape sequences in it.
 *
 * Return: @text, cut where it is too long; "-" without a name.
 */
const char *lw_text_plain(char *text, const char *received)
{
	size_t i;

	if (!received || !received[0])
		return strcpy(text, "-");
	for (i = 0; received[i] && i < LW_TEXT_SIZE - 1; i++)
		text[i] = received[i] < 0x20 || received[i] > 0x7e ? '?' :
								     received[i];
	text[i] = '\0';
	return text;
}

static const char *name_of(const char *const names[], size_t nr,
			   struct lw_value value)
{
	if (!value.known || value.v >= nr)
		return NULL;
	return names[value.v];
}

#define NAME_OF(names, value) \
	name_of(names, sizeof(names) / sizeof((names)[0]), value)

/**
 * lw_name_unit - what a stage counts one of
 * @unit: enum latwatch_unit
 *
 * Return: a word, or NULL for one that this reporter does not know.
 */
const char *lw_name_unit(struct lw_value unit)
{
	static const char *const names[] = {
		[LATWATCH_UNIT_IRQ] = "irq",
		[LATWATCH_UNIT_WAKE] = "wake",
		[LATWATCH_UNIT_RUN] = "run",
		[LATWATCH_UNIT_PACKET] = "packet",
		[LATWATCH_UNIT_DELIVERY] = "delivery",
	};

	return NAME_OF(names, unit);
}

/**
 * lw_name_signal_source - what sets the mark of the signal
 * @source: enum latwatch_signal_source; not known where nothing does
 *
 * Return: a word, or NULL for one that this reporter does not know.
 */
const char *lw_name_signal_source(struct lw_value source)
{
	static const char *const names[] = {
		[LATWATCH_SIGNAL_SOURCE_TRACEPOINT] = "tracepoint",
		[LATWATCH_SIGNAL_SOURCE_KPROBE] = "kprobe",
		[LATWATCH_SIGNAL_SOURCE_INFERRED] = "inferred",
	};

	return NAME_OF(names, source);
}

/**
 * lw_name_probe - what the module sees an event by
 * @kind: enum latwatch_probe_kind; not known from a module that has but one
 *
 * Return: a word, or NULL for one that this reporter does not know.
 */
const char *lw_name_probe(struct lw_value kind)
{
	static const char *const names[] = {
		[LATWATCH_PROBE_KIND_TRACEPOINT] = "tracepoint",
		[LATWATCH_PROBE_KIND_KPROBE] = "kprobe",
	};

	kind.known = true;
	return NAME_OF(names, kind);
}

/**
 * lw_name_prototype - whether an event comes with what the module reads
 * @prototype: enum latwatch_prototype; not known where the headers declare it
 *
 * Return: a word, or NULL for one that this reporter does not know.
 */
const char *lw_name_prototype(struct lw_value prototype)
{
	static const char *const names[] = {
		[LATWATCH_PROTOTYPE_FITS] = "fits",
		[LATWATCH_PROTOTYPE_CHANGED] = "changed",
		[LATWATCH_PROTOTYPE_UNCHECKED] = "unchecked",
	};

	return NAME_OF(names, prototype);
}

/**
 * lw_name_category - a head of the ledger
 * @category: enum latwatch_category
 *
 * Return: a word, or NULL for one that this reporter does not know.
 */
const char *lw_name_category(uint32_t category)
{
	static const char *const names[] = {
		[LATWATCH_CATEGORY_OPENED] = "opened",
		[LATWATCH_CATEGORY_DELIVERED] = "delivered",
		[LATWATCH_CATEGORY_MERGED] = "merged",
		[LATWATCH_CATEGORY_SUPPRESSED] = "suppressed",
		[LATWATCH_CATEGORY_DROPPED] = "dropped",
		[LATWATCH_CATEGORY_ELSEWHERE] = "elsewhere",
		[LATWATCH_CATEGORY_LOST] = "lost",
		[LATWATCH_CATEGORY_IN_FLIGHT] = "in flight",
		[LATWATCH_CATEGORY_NOTE] = "note",
	};
	struct lw_value value = { category, true };

	return NAME_OF(names, value);
}

/**
 * lw_name_path - the way that a stage or a ledger's line belongs to
 * @path: enum latwatch_path
 *
 * Return: a word; "other" for one that this reporter does not know.
 */
const char *lw_name_path(uint32_t path)
{
	static const char *const names[LW_PATHS] = {
		[LATWATCH_PATH_RX] = "rx",
		[LATWATCH_PATH_TX] = "tx",
		[LATWATCH_PATH_LOCAL] = "local",
		[LATWATCH_PATH_READER] = "reader",
		[LATWATCH_PATH_DEVICE] = "device",
	};

	return path < LW_PATHS ? names[path] : "other";
}

/**
 * lw_name_role - what a task did on a flight's way
 * @role: enum latwatch_role
 *
 * Return: a word, or NULL for one that this reporter does not know.
 */
const char *lw_name_role(struct lw_value role)
{
	static const char *const names[] = {
		[LATWATCH_ROLE_IRQ_THREAD] = "irq thread",
		[LATWATCH_ROLE_RUNNER] = "runner",
		[LATWATCH_ROLE_BACKEND] = "backend",
		[LATWATCH_ROLE_VCPU] = "vcpu",
		[LATWATCH_ROLE_INTERRUPTED] = "interrupted",
		[LATWATCH_ROLE_READER] = "reader",
	};

	return NAME_OF(names, role);
}

/**
 * lw_name_origin - how a flight began
 * @origin: enum latwatch_origin
 *
 * Return: a word, or NULL for one that this reporter does not know.
 */
const char *lw_name_origin(struct lw_value origin)
{
	static const char *const names[] = {
		[LATWATCH_ORIGIN_LOCAL] = "local",
		[LATWATCH_ORIGIN_POLL] = "poll",
		[LATWATCH_ORIGIN_IRQ] = "irq",
		[LATWATCH_ORIGIN_VM] = "vm",
		[LATWATCH_ORIGIN_TIMER] = "timer",
		[LATWATCH_ORIGIN_DEVICE] = "device",
		[LATWATCH_ORIGIN_AFTER_IRQ] = "after irq",
		[LATWATCH_ORIGIN_AFTER_EMPTY] = "after empty",
		[LATWATCH_ORIGIN_AFTER_TURN] = "after turn",
		[LATWATCH_ORIGIN_PROCESS] = "process",
	};

	return NAME_OF(names, origin);
}

/**
 * lw_name_culprit - what filled time that was not a stage's own
 * @kind: enum latwatch_culprit_kind
 *
 * Return: a word, or NULL for one that this reporter does not know.
 */
const char *lw_name_culprit(struct lw_value kind)
{
	static const char *const names[] = {
		[LATWATCH_CULPRIT_KIND_THREAD] = "thread",
		[LATWATCH_CULPRIT_KIND_HARD_IRQ] = "hard irq",
		[LATWATCH_CULPRIT_KIND_SOFTIRQ] = "softirq",
		[LATWATCH_CULPRIT_KIND_IDLE] = "idle",
		[LATWATCH_CULPRIT_KIND_BLOCKED] = "blocked",
		[LATWATCH_CULPRIT_KIND_MOVED] = "moved",
		[LATWATCH_CULPRIT_KIND_OTHERS] = "others",
		[LATWATCH_CULPRIT_KIND_LOCK] = "lock",
		[LATWATCH_CULPRIT_KIND_IPI] = "ipi",
	};

	return NAME_OF(names, kind);
}

/**
 * lw_name_softirq - a softirq, as the kernel names it in /proc/softirqs
 * @vector: its number
 *
 * Return: a word, or NULL for one that this reporter does not know.
 */
const char *lw_name_softirq(struct lw_value vector)
{
	static const char *const names[] = {
		"HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET",
		"SCHED", "HRTIMER", "RCU",
	};

	return NAME_OF(names, vector);
}
