// SPDX-License-Identifier: GPL-2.0
/*
 * The worst flights as short stories: what was late, by how much, whose share it was,
 * what to do; then its stages beside what is usual, and under each what came in between.
 * Takes the model, prints text of 100 columns.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "color.h"
#include "culprit.h"
#include "format.h"
#include "view.h"

#define BAR 40
#define WIDTH 100

/* Lines of at most WIDTH, broken at blanks; what goes on is set in by @column. */
static void print_wrapped(const char *text, int column, FILE *out)
{
	int at = 0, len;

	for (; *text; text += len) {
		len = (int)strcspn(text, " \n");
		if (at > column && at + len > WIDTH) {
			fprintf(out, "\n%*s", column, "");
			at = column;
		}
		fprintf(out, "%.*s", len, text);
		at += len;
		for (text += len, len = 0; *text == ' '; text++)
			at++, fputc(' ', out);
		if (*text == '\n') {
			fputc('\n', out);
			text++;
			at = 0;
		}
	}
}

/* The same of what a function prints. */
struct draft {
	FILE *file;
	char *text;
	size_t size;
};

static FILE *begin_draft(struct draft *draft, FILE *out)
{
	*draft = (struct draft){ 0 };
	draft->file = open_memstream(&draft->text, &draft->size);
	/* Without memory, as it comes. */
	return draft->file ? draft->file : out;
}

static void end_draft(struct draft *draft, int column, FILE *out)
{
	if (!draft->file)
		return;
	fclose(draft->file);
	if (draft->text)
		print_wrapped(draft->text, column, out);
	free(draft->text);
}

/**
 * struct flight - a worst flight that is told
 * @worst: it
 * @stage: whose maximum it made
 */
struct flight {
	const struct lw_report_watermark *worst;
	const struct lw_report_stage *stage;
};

static struct lw_value usual_of(const struct lw_report_stage *stage)
{
	return stage ? lw_stage_percentile(stage, 5000) : (struct lw_value){ 0 };
}

/* The row of a stage that the flight's VM has, or else the host's. */
static const struct lw_report_stage *row_of(const struct lw_report *report,
					    const struct lw_report_watermark *worst,
					    uint32_t id)
{
	const struct lw_report_stage *host = NULL;
	size_t i;

	for (i = 0; i < report->nr_stages; i++) {
		const struct lw_report_stage *stage = &report->stages[i];

		if (stage->id != id)
			continue;
		if (stage->vm.known && worst->vm.known && stage->vm.v == worst->vm.v)
			return stage;
		if (!stage->vm.known)
			host = stage;
	}
	return host;
}

static uint64_t time_of(const struct lw_report_watermark *worst, struct lw_value mark)
{
	const struct lw_mark *found =
		mark.known ? lw_watermark_find_mark(worst, (uint32_t)mark.v) : NULL;

	return found ? found->time_ns.v : 0;
}

static uint64_t end_of(const struct lw_report_watermark *worst,
		       const struct lw_report_stage *stage)
{
	uint64_t end = time_of(worst, stage->to);

	return end ? end : time_of(worst, stage->or_to);
}

static bool has(const struct lw_report_watermark *worst,
		const struct lw_report_stage *stage, const struct lw_report_culprit *c)
{
	uint64_t ns = time_of(worst, c->mark);

	return ns && ns > time_of(worst, stage->from) && ns <= end_of(worst, stage);
}

/* The smallest stage of the flight that a culprit came in: a part before its whole. */
static uint32_t stage_of(const struct lw_report *report, const struct flight *f,
			 const struct lw_split *split,
			 const struct lw_report_culprit *c)
{
	uint32_t best = LW_NO_STAGE, id;

	for (id = 0; id < LW_SPLIT_STAGES; id++) {
		const struct lw_report_stage *stage;

		if (!split->part_ns[id].known || id == f->worst->id)
			continue;
		stage = row_of(report, f->worst, id);
		if (!stage || !has(f->worst, stage, c))
			continue;
		if (best == LW_NO_STAGE ||
		    split->part_ns[id].v < split->part_ns[best].v)
			best = id;
	}
	return best;
}

static void print_bar(uint64_t ns, uint64_t whole, FILE *out)
{
	int n = whole ? BAR : 0;

	if (ns < whole)
		n = (int)((long double)ns * BAR / (long double)whole + 0.5L);
	if (!n)
		return;
	fputs("  ", out);
	while (n--)
		fputc('#', out);
}

static void print_hit(const struct lw_report *report, const struct lw_report_stage *stage,
		      const struct lw_report_culprit *c, FILE *out)
{
	const struct lw_report_ranking *ranking =
		lw_report_find_ranking(report, stage->vm, stage->id);
	const struct lw_report_culprit *sum = lw_culprit_in(ranking, c);
	char text[LW_TEXT_SIZE];

	if (!sum || !sum->flights.known)
		return;
	fprintf(out, ", in %s", lw_text_count(text, sum->flights));
	fprintf(out, " of %s", lw_text_count(text, ranking->flights));
}

static void print_culprits(const struct lw_report *report, const struct flight *f,
			   const struct lw_split *split, uint32_t id, FILE *out)
{
	const struct lw_report_watermark *worst = f->worst;
	const struct lw_report_stage *stage = row_of(report, worst, id);
	const struct lw_report_culprit *c = NULL;
	char text[LW_TEXT_SIZE];

	while ((c = lw_culprit_next(worst->culprits, worst->nr_culprits, c))) {
		if (stage_of(report, f, split, c) != id)
			continue;
		fprintf(out, "      = %10s", lw_text_us(text, lw_real_of(c->time_ns)));
		fprintf(out, " %8s  ",
			lw_text_share(text, c->time_ns.v, split->part_ns[id].v));
		if (c->cpu.known)
			fprintf(out, "cpu%llu ", (unsigned long long)c->cpu.v);
		fputs(lw_text_culprit(text, c), out);
		print_hit(report, stage, c, out);
		fputc('\n', out);
	}
}

static void print_stage(const struct lw_report *report, const struct flight *f,
			const struct lw_split *split,
			const struct lw_report_stage *stage, FILE *out)
{
	struct lw_value part = split->part_ns[stage->id];
	bool nested = stage->flags & LATWATCH_STAGE_FLAGS_NESTED;
	char text[LW_TEXT_SIZE];

	fprintf(out, "    %s%-*s", nested ? "  " : "", nested ? 16 : 18,
		lw_text_plain(text, stage->name));
	fprintf(out, " %10s", lw_text_us(text, lw_real_of(part)));
	fprintf(out, " %10s", lw_text_us(text, lw_real_of(usual_of(row_of(report, f->worst,
								      stage->id)))));
	print_bar(part.v, f->worst->value_ns.v, out);
	fputc('\n', out);
	print_culprits(report, f, split, stage->id, out);
}

/* The stage whose time is furthest above what is usual. */
static const struct lw_report_stage *latest(const struct lw_report *report,
					    const struct flight *f,
					    const struct lw_split *split, uint64_t *late)
{
	const struct lw_report_stage *most = NULL;
	uint32_t id;

	*late = 0;
	for (id = 0; id < LW_SPLIT_STAGES; id++) {
		const struct lw_report_stage *stage;
		struct lw_value usual;

		if (!split->part_ns[id].known || id == f->worst->id)
			continue;
		stage = row_of(report, f->worst, id);
		if (!stage || stage->flags & LATWATCH_STAGE_FLAGS_AFTER)
			continue;
		usual = usual_of(stage);
		/* a part is told rather than its whole */
		if (!usual.known || split->part_ns[id].v < usual.v ||
		    split->part_ns[id].v - usual.v < *late)
			continue;
		if (split->part_ns[id].v - usual.v == *late &&
		    !(stage->flags & LATWATCH_STAGE_FLAGS_NESTED))
			continue;
		*late = split->part_ns[id].v - usual.v;
		most = stage;
	}
	return most;
}

static const struct lw_report_culprit *first_of(const struct flight *f,
						const struct lw_report_stage *stage)
{
	const struct lw_report_culprit *c = NULL;

	while ((c = lw_culprit_next(f->worst->culprits, f->worst->nr_culprits, c)))
		if (has(f->worst, stage, c))
			break;
	return c;
}

/* What was late, by how much, whose share, what to do. */
static void print_sentence(const struct lw_report *report, const struct flight *f,
			   const struct lw_split *split, FILE *out)
{
	uint64_t late;
	const struct lw_report_stage *stage = latest(report, f, split, &late);
	const struct lw_explanation *remedy;
	const struct lw_report_culprit *c;
	char text[LW_TEXT_SIZE];

	if (!stage || !late) {
		fputs("    no stage of it took longer than usual\n", out);
		return;
	}
	fprintf(out, "    %s took", lw_text_plain(text, stage->name));
	fprintf(out, " %s us", lw_text_us(text, lw_real_of(split->part_ns[stage->id])));
	fprintf(out, " instead of %s", lw_text_us(text, lw_real_of(usual_of(stage))));
	c = first_of(f, stage);
	if (!c) {
		fputs(f->worst->unknown_ns.known && !f->worst->unknown_ns.v ?
			      ", all of it its own work\n" : "; why is not known\n", out);
		return;
	}
	fprintf(out, ": %s", lw_text_culprit(text, c));
	fprintf(out, " %s", lw_culprit_does(c->kind));
	fprintf(out, " for %s", lw_text_us(text, lw_real_of(c->time_ns)));
	fprintf(out, " us, %s of it\n",
		lw_text_share(text, c->time_ns.v, split->part_ns[stage->id].v));
	remedy = lw_explanation_of_kind(c->kind);
	if (remedy)
		fprintf(out, "    to do: %s\n", remedy->remedy);
}

static void print_sum(const struct lw_report_watermark *worst, FILE *out)
{
	uint64_t culprits = lw_culprits_sum(worst->culprits, worst->nr_culprits);
	uint64_t whole = worst->value_ns.v, unknown = worst->unknown_ns.v;
	char text[LW_TEXT_SIZE];

	fprintf(out, "    %-18s", "sum");
	fprintf(out, " %10s            ", lw_text_us(text, lw_real_of(worst->value_ns)));
	if (!worst->unknown_ns.known) {
		fputs("  what came in between was not looked for\n", out);
		return;
	}
	if (whole >= culprits + unknown)
		fprintf(out, "its own %s, ",
			lw_text_share(text, whole - culprits - unknown, whole));
	fprintf(out, "culprits %s, ", lw_text_share(text, culprits, whole));
	fprintf(out, "not explained %s\n", lw_text_share(text, unknown, whole));
}

static void print_flight(const struct lw_report *report, const struct flight *f, FILE *out)
{
	char text[LW_TEXT_SIZE];
	struct lw_split split;
	struct draft draft;
	size_t i;

	lw_watermark_split(report, f->worst, f->stage->path, &split);
	lw_color_begin(LW_HUE_TITLE, out);
	fprintf(out, "\n%s  %s", lw_name_path(f->stage->path),
		lw_text_plain(text, f->stage->name));
	if (f->worst->vm.known)
		fprintf(out, "  VM %llu", (unsigned long long)f->worst->vm.v);
	fprintf(out, "  %s us", lw_text_us_exact(text, f->worst->value_ns));
	lw_color_end(out);
	fprintf(out, " at %s", lw_text_when(text, report, f->worst->time_ns, true));
	fprintf(out, ", usually %s\n", lw_text_us(text, lw_real_of(usual_of(f->stage))));
	print_sentence(report, f, &split, begin_draft(&draft, out));
	end_draft(&draft, 8, out);
	fprintf(out, "    %-18s %10s %10s\n", "stage", "us", "usually");
	for (i = 0; i < report->nr_stages; i++) {
		const struct lw_report_stage *stage = &report->stages[i];

		/* of a stage that several have, the one that the flight's VM has */
		if (stage->id < LW_SPLIT_STAGES && split.part_ns[stage->id].known &&
		    stage->id != f->worst->id &&
		    row_of(report, f->worst, stage->id) == stage)
			print_stage(report, f, &split, stage, out);
	}
	print_sum(f->worst, out);
	lw_print_worst(report, f->worst, f->stage->path, begin_draft(&draft, out));
	end_draft(&draft, 12, out);
}

static int longer(const void *a, const void *b)
{
	const struct flight *x = a, *y = b;

	return (x->worst->value_ns.v < y->worst->value_ns.v) -
	       (x->worst->value_ns.v > y->worst->value_ns.v);
}

/* The worst flights of whole ways, the longest first; the array is to be freed. */
static int worst_flights(const struct lw_report *report, struct flight **flights,
			 size_t *nr)
{
	size_t i;

	*flights = NULL;
	*nr = 0;
	for (i = 0; i < report->nr_watermarks; i++) {
		const struct lw_report_watermark *worst = &report->watermarks[i];
		const struct lw_report_stage *stage = row_of(report, worst, worst->id);
		struct flight *f;

		if (!stage || !(stage->flags & LATWATCH_STAGE_FLAGS_TOTAL) ||
		    !worst->value_ns.known)
			continue;
		if (report->chosen.known &&
		    (!worst->vm.known || worst->vm.v != report->chosen.v))
			continue;
		f = lw_array_add(flights, nr, sizeof(*f));
		if (!f) {
			free(*flights);
			return -ENOMEM;
		}
		f->worst = worst;
		f->stage = stage;
	}
	if (*nr)
		qsort(*flights, *nr, sizeof(**flights), longer);
	return 0;
}

/* Shows the worst flights; see lw_view. */
int lw_view_story(const struct lw_report *report, const struct lw_view_options *options,
		  FILE *out)
{
	struct flight *flights;
	size_t nr, i;
	int err = worst_flights(report, &flights, &nr);

	if (err)
		return err;
	lw_print_header(report, out);
	for (i = 0; i < nr && (!options->flights || i < options->flights); i++)
		print_flight(report, &flights[i], out);
	if (!nr)
		fputs("\nno flight was whole yet\n", out);
	free(flights);
	return 0;
}
