// SPDX-License-Identifier: GPL-2.0
/*
 * Culprits: their order, and how they are told.  Takes the model, gives to the views.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <linux/latwatch.h>

#include "culprit.h"

/**
 * lw_culprit_next - the culprit that took most after another
 * @list: the culprits
 * @nr: how many
 * @prev: the one before, or NULL: the first
 *
 * Return: it, or NULL if there is none.
 */
const struct lw_report_culprit *
lw_culprit_next(const struct lw_report_culprit *list, size_t nr,
		const struct lw_report_culprit *prev)
{
	const struct lw_report_culprit *next = NULL;
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct lw_report_culprit *c = &list[i];

		if (prev && (c->time_ns.v > prev->time_ns.v ||
			     (c->time_ns.v == prev->time_ns.v && c <= prev)))
			continue;
		if (!next || c->time_ns.v > next->time_ns.v)
			next = c;
	}
	return next;
}

static bool same(struct lw_value a, struct lw_value b)
{
	return a.known == b.known && a.v == b.v;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/**
 * lw_culprit_in - a culprit of a flight in the sum over all flights
 * @ranking: the sums, or NULL
 * @like: the culprit
 *
 * Return: it, or NULL if it is among the others.
 */
const struct lw_report_culprit *lw_culprit_in(const struct lw_report_ranking *ranking,
					      const struct lw_report_culprit *like)
{
	size_t i;

	for (i = 0; ranking && i < ranking->nr_culprits; i++) {
		const struct lw_report_culprit *c = &ranking->culprits[i];

		if (same(c->kind, like->kind) && same(c->id, like->id) &&
		    same(c->pid, like->pid) && same_text(c->function, like->function))
			return c;
	}
	return NULL;
}

/**
 * lw_culprits_sum - what culprits took, together
 * @list: the culprits
 * @nr: how many
 *
 * Return: ns.
 */
uint64_t lw_culprits_sum(const struct lw_report_culprit *list, size_t nr)
{
	uint64_t sum = 0;

	while (nr--)
		sum += list[nr].time_ns.v;
	return sum;
}

static void add(char *text, const char *format, const char *more)
{
	size_t len = strlen(text);

	snprintf(text + len, LW_TEXT_SIZE - len, format, more);
}

static void add_number(char *text, const char *before, struct lw_value number)
{
	size_t len = strlen(text);

	if (number.known)
		snprintf(text + len, LW_TEXT_SIZE - len, "%s%" PRIu64, before, number.v);
}

/**
 * lw_text_culprit - who a culprit is
 * @text: room of LW_TEXT_SIZE
 * @culprit: the culprit
 *
 * Return: @text, safe on a terminal.
 */
const char *lw_text_culprit(char *text, const struct lw_report_culprit *culprit)
{
	struct lw_report_actor actor = {
		.policy = culprit->policy, .prio = culprit->prio,
	};
	const char *word = lw_name_culprit(culprit->kind);
	char name[LW_TEXT_SIZE], more[LW_TEXT_SIZE];

	text[0] = '\0';
	lw_text_plain(name, culprit->name ? culprit->name : "-");
	switch (culprit->kind.known ? culprit->kind.v : UINT64_MAX) {
	case LATWATCH_CULPRIT_KIND_THREAD:
		add(text, "%.40s", name);
		if (culprit->policy.known)
			add(text, " (%s)", lw_text_sched(more, &actor));
		add_number(text, " pid ", culprit->pid);
		break;
	case LATWATCH_CULPRIT_KIND_HARD_IRQ:
		add_number(text, "irq ", culprit->id);
		add(text, " %.40s", name);
		break;
	case LATWATCH_CULPRIT_KIND_SOFTIRQ:
		word = lw_name_softirq(culprit->id);
		if (word)
			add(text, "softirq %s", word);
		else
			add_number(text, "softirq ", culprit->id);
		add(text, " in %.40s", name);
		break;
	case LATWATCH_CULPRIT_KIND_IDLE:
		add(text, "%s", culprit->id.known ? "" : "the idle CPU");
		if (culprit->id.known)
			add_number(text, "idle state ",
				   (struct lw_value){ culprit->id.v - 1, true });
		break;
	case LATWATCH_CULPRIT_KIND_LOCK:
		add(text, "a lock of %.40s", name);
		if (culprit->policy.known)
			add(text, " (%s)", lw_text_sched(more, &actor));
		add_number(text, " pid ", culprit->pid);
		break;
	case LATWATCH_CULPRIT_KIND_IPI:
		add(text, "IPI, %.40s", name);
		if (culprit->function)
			add(text, " %.48s", lw_text_plain(more, culprit->function));
		break;
	case LATWATCH_CULPRIT_KIND_BLOCKED:
		add(text, "%s", "a lock, a page or a disk");
		break;
	case LATWATCH_CULPRIT_KIND_MOVED:
		add(text, "%s", "another CPU first");
		break;
	default:
		add(text, "%s", word ? word : "what this program does not know");
	}
	return text;
}

/**
 * lw_text_share - a part of a whole in percent
 * @text: room of LW_TEXT_SIZE
 * @part: the part
 * @whole: the whole
 *
 * Return: @text; "-" of nothing.
 */
const char *lw_text_share(char *text, uint64_t part, uint64_t whole)
{
	if (!whole)
		return strcpy(text, "-");
	snprintf(text, LW_TEXT_SIZE, "%.1Lf %%",
		 (long double)part * 100 / (long double)whole);
	return text;
}

/**
 * lw_culprit_does - what a culprit did, in a sentence with lw_text_culprit() before it
 * @kind: enum latwatch_culprit_kind
 *
 * Return: words.
 */
const char *lw_culprit_does(struct lw_value kind)
{
	switch (kind.known ? kind.v : UINT64_MAX) {
	case LATWATCH_CULPRIT_KIND_THREAD:
		return "had the CPU";
	case LATWATCH_CULPRIT_KIND_HARD_IRQ:
	case LATWATCH_CULPRIT_KIND_SOFTIRQ:
	case LATWATCH_CULPRIT_KIND_IPI:
		return "ran";
	case LATWATCH_CULPRIT_KIND_IDLE:
		return "was left";
	case LATWATCH_CULPRIT_KIND_BLOCKED:
	case LATWATCH_CULPRIT_KIND_LOCK:
	case LATWATCH_CULPRIT_KIND_MOVED:
		return "was waited for";
	}
	return "came in between";
}
