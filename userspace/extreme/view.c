// SPDX-License-Identifier: GPL-2.0
/*
 * A bound, or why there is none, for people.  Takes an estimate, prints text.
 *
 * It is called an estimate wherever it stands, and beside it stands what can be
 * said without a model.  Where there is no bound, none is printed.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "color.h"
#include "extreme/view.h"
#include "format.h"

const struct lw_bound_words lw_bound_words[LW_TESTS] = {
	[LW_TEST_TREND] = {
		"trend", "no trend", "likelihood ratio", "degree of freedom",
		"the maxima rise or fall with time",
	},
	[LW_TEST_STATIONARITY] = {
		"stationarity", "stationary", "KPSS", "lags",
		"the maxima are not stationary",
	},
	[LW_TEST_INDEPENDENCE] = {
		"independence", "independent", "Ljung-Box", "lags",
		"the blocks are not independent",
	},
	[LW_TEST_GOODNESS] = {
		"goodness_of_fit", "fits", "Anderson-Darling", "made-up series",
		"the distribution does not fit",
	},
	[LW_TEST_LARGEST] = {
		"largest", "largest fits", "expected to be as large", NULL,
		"the largest lies too far out for the distribution",
	},
};

static const char *us(char *text, double ns)
{
	return lw_text_us(text, (struct lw_real){ ns, isfinite(ns) });
}

/* What nothing may exceed is not rounded down. */
static const char *us_above(char *text, double ns)
{
	return us(text, ceil(ns / 100) * 100);
}

static const char *largest(char *text, const struct lw_bound *bound)
{
	return lw_text_us_exact(text, (struct lw_value){
		(uint64_t)fmin(ceil(bound->largest), 0x1p63), true });
}

static const char *count(char *text, size_t nr)
{
	return lw_text_count(text, (struct lw_value){ nr, true });
}

/* "KPSS 0.633, 3 lags, p 0.019" */
static const char *test_text(char *text, size_t size, const struct lw_test *test,
			     const struct lw_bound_words *words)
{
	int len;

	if (!test->known) {
		snprintf(text, size, "%s cannot be computed", words->statistic);
		return text;
	}
	len = snprintf(text, size, "%s %.3g", words->statistic, test->statistic);
	if (words->degrees)
		len += snprintf(text + len, size - (size_t)len, ", %u %s",
				test->degrees, words->degrees);
	snprintf(text + len, size - (size_t)len, ", p %.2g", test->p);
	return text;
}

/**
 * lw_bound_reason_key - a reason for machines
 * @reason: enum lw_bound_reason
 *
 * Return: its name.
 */
const char *lw_bound_reason_key(unsigned int reason)
{
	switch (reason) {
	case LW_REASON_FEW:	return "too_few";
	case LW_REASON_EQUAL:	return "all_equal";
	case LW_REASON_NO_FIT:	return "no_fit";
	case LW_REASON_SHAPE:	return "shape";
	case LW_REASON_WIDE:	return "interval_too_wide";
	default:		return lw_bound_words[reason - LW_REASON_TEST].key;
	}
}

/**
 * lw_bound_reason - why there is no bound
 * @text: room of LW_REASON_SIZE
 * @bound: the estimate
 * @reason: one that it has, of enum lw_bound_reason
 *
 * Return: @text, which goes on behind "because".
 */
const char *lw_bound_reason(char *text, const struct lw_bound *bound,
			    unsigned int reason)
{
	char a[LW_TEXT_SIZE], b[LW_TEXT_SIZE], c[LW_TEXT_SIZE];
	const size_t size = LW_REASON_SIZE;
	unsigned int test = reason - LW_REASON_TEST;

	switch (reason) {
	case LW_REASON_FEW:
		snprintf(text, size, "blocks are too few: %s, and %u at least are needed",
			 count(a, bound->nr), LW_BOUND_LEAST_BLOCKS);
		break;
	case LW_REASON_EQUAL:
		snprintf(text, size, "all %s maxima are equal: %s us",
			 count(a, bound->nr), largest(b, bound));
		break;
	case LW_REASON_NO_FIT:
		snprintf(text, size, "no distribution is the likeliest: the likelihood has no maximum with a shape above -1");
		break;
	case LW_REASON_SHAPE:
		snprintf(text, size, "the shape xi is %.3f: how far estimates are off is known above %.1f only",
			 bound->fit.gev.xi, LW_BOUND_LEAST_SHAPE);
		break;
	case LW_REASON_WIDE:
		snprintf(text, size, "the %u %% interval is wider than the level itself: %s to %s us around %s us",
			 LW_LEVEL_CONFIDENCE, us(a, bound->level.profile.low),
			 us_above(b, bound->level.profile.high),
			 us(c, bound->level.level));
		break;
	default:
		snprintf(text, size, "%s: %s%s", lw_bound_words[test].failed,
			 test_text(a, sizeof(a), &bound->tests[test],
				   &lw_bound_words[test]),
			 bound->tests[test].known ? ", less than 0.05" : "");
	}
	return text;
}

static void print_head(const struct lw_bound *bound,
		       const struct lw_maxima *maxima, FILE *out)
{
	const struct lw_interval *interval = &bound->level.profile;
	char a[LW_TEXT_SIZE], b[LW_TEXT_SIZE], reason[LW_REASON_SIZE];
	unsigned int i;

	if (!bound->reasons) {
		fprintf(out, "bound         an estimate: the maximum of %u s exceeds %s us with a probability of %g\n",
			maxima->block_seconds,
			us_above(a, bound->level.level),
			bound->probability);
		fprintf(out, "              %u %% interval %s to %s us (profile likelihood); by the delta method ",
			LW_LEVEL_CONFIDENCE, us(a, interval->low),
			us_above(b, interval->high));
		fprintf(out, "%s to %s us\n", us(a, bound->level.delta.low),
			us_above(b, bound->level.delta.high));
		return;
	}
	lw_color_begin(LW_HUE_BAD, out);
	fputs("no bound", out);
	lw_color_end(out);
	for (i = 0; i < LW_REASONS; i++)
		if (bound->reasons & lw_reason_bit(i))
			fprintf(out, "%s because %s\n",
				bound->reasons & (lw_reason_bit(i) - 1) ?
				"             " : "     ",
				lw_bound_reason(reason, bound, i));
}

static void print_blocks(const struct lw_bound *bound,
			 const struct lw_maxima *maxima, FILE *out)
{
	double times = 1 / (bound->probability * (double)bound->nr);
	char a[LW_TEXT_SIZE], b[LW_TEXT_SIZE], c[LW_TEXT_SIZE];

	if (bound->nr)
		fprintf(out, "without model the maximum of %u s exceeds the largest that was measured, %s us, with a probability below %.2g (95 %%)\n",
			maxima->block_seconds, largest(a, bound), bound->beyond);
	fprintf(out, "blocks        %s of %u s", count(a, bound->nr),
		maxima->block_seconds);
	if (times >= 2 && times < 1e15)
		fprintf(out, "; a probability of %g is once in %s times as many",
			bound->probability, count(a, (size_t)times));
	fputc('\n', out);
	if (maxima->empty || maxima->missing || maxima->left_out)
		fprintf(out, "              left out: seconds in which nothing was measured %s, of which nothing is known %s, of a last block that is not whole %s\n",
			count(a, maxima->empty), count(b, maxima->missing),
			count(c, maxima->left_out));
}

static void print_fit(const struct lw_bound *bound, FILE *out)
{
	const struct lw_gev_fit *fit = &bound->fit;
	char text[LW_REASON_SIZE];
	unsigned int i;

	fprintf(out, "fit           generalised extreme value: mu %s", us(text, fit->gev.mu));
	fprintf(out, " +- %s us", us(text, lw_gev_error(fit, LW_GEV_MU)));
	fprintf(out, ", sigma %s", us(text, fit->gev.sigma));
	fprintf(out, " +- %s us", us(text, lw_gev_error(fit, LW_GEV_SIGMA)));
	fprintf(out, ", xi %.3f +- %.3f, log-likelihood %.2f\n", fit->gev.xi,
		lw_gev_error(fit, LW_GEV_XI), fit->log_likelihood);
	for (i = 0; i < LW_TESTS; i++) {
		bool failed = bound->reasons & lw_reason_bit(LW_REASON_TEST + i);

		fprintf(out, "%-12s  ", lw_bound_words[i].title);
		lw_color_begin(failed ? LW_HUE_BAD : LW_HUE_GOOD, out);
		fputs(failed ? "fails" : "holds", out);
		lw_color_end(out);
		fprintf(out, "  %s\n", test_text(text, sizeof(text), &bound->tests[i],
						 &lw_bound_words[i]));
	}
}

/**
 * lw_bound_print - print an estimate
 * @bound: the estimate
 * @maxima: what it was made from
 * @out: where to
 */
void lw_bound_print(const struct lw_bound *bound, const struct lw_maxima *maxima,
		    FILE *out)
{
	print_head(bound, maxima, out);
	print_blocks(bound, maxima, out);
	if (bound->fitted)
		print_fit(bound, out);
}
