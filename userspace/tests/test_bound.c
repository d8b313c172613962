// SPDX-License-Identifier: GPL-2.0
/*
 * When there is a bound, and when there is none and why; what files of maxima may
 * hold; and what is printed.
 *
 *	test_bound [--json] PROBABILITY SECONDS FILE
 *
 * estimates one, for run.sh: with status 0 if there is one, and 3 if not.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_rng.h>

#include "extreme/bound.h"
#include "extreme/maxima.h"
#include "extreme/run.h"
#include "extremes.h"
#include "ktap.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))
#define MOST 2000

static double series[MOST];
static struct lw_bound bound;

static const struct lw_gev typical = { 9e4, 8e3, -0.1 };

static double draw(gsl_rng *rng, const struct lw_gev *gev)
{
	return lw_gev_level(gev, gsl_rng_uniform_pos(rng));
}

static void fill(const struct lw_gev *gev, size_t nr, unsigned long seed)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_ranlxd2);
	size_t i;

	gsl_rng_set(rng, seed);
	for (i = 0; i < nr; i++)
		series[i] = draw(rng, gev);
	gsl_rng_free(rng);
}

static int estimate(size_t nr, double probability)
{
	const struct lw_blocks blocks = { nr, series, NULL };

	return lw_bound_estimate(&blocks, probability, &bound);
}

static bool has(unsigned int reason)
{
	return bound.reasons & lw_reason_bit(reason);
}

static bool only(unsigned int reason)
{
	if (bound.reasons != lw_reason_bit(reason))
		printf("# reasons %#x\n", bound.reasons);
	return bound.reasons == lw_reason_bit(reason);
}

static void test_bound_given(void)
{
	double truth = lw_gev_level(&typical, 1e-6);
	unsigned int i;

	fill(&typical, 1000, 1);
	CHECK(!estimate(1000, 1e-6));
	CHECK(!bound.reasons && bound.fitted && bound.nr == 1000);
	CHECK(bound.level.profile.low <= truth && truth <= bound.level.profile.high);
	CHECK(bound.level.level > bound.largest);
	for (i = 0; i < LW_TESTS; i++)
		CHECK(bound.tests[i].known && bound.tests[i].p >= 0.05 &&
		      bound.tests[i].p <= 1);
	/* 1 - 0.05^(1/1000) */
	CHECK(fabs(bound.beyond - 0.00299124) < 1e-8);
}

/* Of series that meet all assumptions one in five or so is refused. */
static void test_false_alarms(void)
{
	unsigned int seed, refused = 0, each[LW_REASONS] = { 0 }, i;

	for (seed = 1; seed <= 40; seed++) {
		fill(&typical, 126, 500 + seed);
		CHECK(!estimate(126, 0.01));
		refused += !!bound.reasons;
		for (i = 0; i < LW_REASONS; i++)
			each[i] += has(i);
	}
	printf("# %u of 40 series that meet all assumptions are refused\n", refused);
	CHECK(refused <= 15);
	/* each test is of 5 %: 2 of 40, and 7 once in two hundred */
	for (i = 0; i < LW_TESTS; i++)
		CHECK(each[LW_REASON_TEST + i] <= 6);
	CHECK(!each[LW_REASON_FEW] && !each[LW_REASON_NO_FIT]);
}

static void test_port_pirie(void)
{
	const struct lw_blocks blocks = { NR(port_pirie), port_pirie, NULL };

	CHECK(!lw_bound_estimate(&blocks, 0.01, &bound));
	CHECK(!bound.reasons);
	CHECK(fabs(bound.level.level - 4.69) < 0.005);
	CHECK(bound.largest == 4.69);
}

static void test_fremantle(void)
{
	const struct lw_blocks blocks = {
		NR(fremantle), fremantle, fremantle_years
	};

	CHECK(!lw_bound_estimate(&blocks, 0.01, &bound));
	CHECK(has(LW_REASON_TEST + LW_TEST_TREND));
	CHECK(bound.tests[LW_TEST_TREND].degrees == 1);
	CHECK(fabs(bound.tests[LW_TEST_TREND].statistic - 12.674) < 0.02);
	CHECK(bound.tests[LW_TEST_TREND].p < 0.0005);
	/* KPSS agrees; the distribution itself is right */
	CHECK(has(LW_REASON_TEST + LW_TEST_STATIONARITY));
	CHECK(!has(LW_REASON_TEST + LW_TEST_GOODNESS));
	/* what there is no bound of is not there to be taken for one */
	CHECK(!bound.level.level && !bound.level.profile.high);
}

/* In rising order, as they are published. */
static void test_glass_fibres(void)
{
	size_t i;

	for (i = 0; i < NR(glass_fibres); i++)
		series[i] = -glass_fibres[i];
	CHECK(!estimate(NR(glass_fibres), 0.01));
	CHECK(has(LW_REASON_TEST + LW_TEST_TREND));
	CHECK(has(LW_REASON_TEST + LW_TEST_STATIONARITY));
	CHECK(has(LW_REASON_TEST + LW_TEST_INDEPENDENCE));
}

static void test_few(void)
{
	fill(&typical, 50, 3);
	CHECK(!estimate(0, 0.01) && only(LW_REASON_FEW) && !bound.fitted);
	CHECK(bound.beyond == 1);
	CHECK(!estimate(1, 0.01) && only(LW_REASON_FEW));
	CHECK(!estimate(49, 0.01) && only(LW_REASON_FEW) && !bound.fitted);
	CHECK(!estimate(50, 0.01) && !has(LW_REASON_FEW) && bound.fitted);
}

static void test_equal(void)
{
	size_t i;

	for (i = 0; i < 100; i++)
		series[i] = 146200;
	CHECK(!estimate(100, 0.01) && only(LW_REASON_EQUAL) && !bound.fitted);
	CHECK(bound.largest == 146200);
	/* two values, as of a coarse clock: none is given, for whatever reason */
	for (i = 0; i < 100; i++)
		series[i] = i % 3 ? 146200 : 146210;
	CHECK(!estimate(100, 0.01) && bound.reasons);
}

static void test_probability(void)
{
	fill(&typical, 60, 3);
	CHECK(estimate(60, 0) == -EINVAL);
	CHECK(estimate(60, -1e-6) == -EINVAL);
	CHECK(estimate(60, 0.11) == -EINVAL);
	CHECK(estimate(60, NAN) == -EINVAL);
	CHECK(!estimate(60, 0.1));
	CHECK(!estimate(60, 1e-300));
}

static void test_trend(void)
{
	size_t i;

	fill(&typical, 200, 4);
	for (i = 0; i < 200; i++)
		series[i] += 60.0 * i;
	CHECK(!estimate(200, 0.001) && has(LW_REASON_TEST + LW_TEST_TREND));
}

/* A level that jumps up and back: no line, but not stationary. */
static void test_step(void)
{
	size_t i;

	fill(&typical, 300, 5);
	for (i = 100; i < 200; i++)
		series[i] += 6e3;
	CHECK(!estimate(300, 0.001));
	CHECK(has(LW_REASON_TEST + LW_TEST_STATIONARITY) ||
	      has(LW_REASON_TEST + LW_TEST_INDEPENDENCE));
}

/* Each block is like the one before: bursts that go on over their end. */
static void test_dependence(void)
{
	size_t i;

	fill(&typical, 251, 6);
	for (i = 0; i < 250; i++)
		series[i] = fmax(series[i], series[i + 1] - 1e3);
	CHECK(!estimate(250, 0.001));
	CHECK(has(LW_REASON_TEST + LW_TEST_INDEPENDENCE));
	CHECK(bound.tests[LW_TEST_INDEPENDENCE].degrees == LW_BOUND_LAGS);
}

/* Each seventh block has a housekeeping job in it. */
static void test_period(void)
{
	size_t i;

	fill(&typical, 250, 7);
	for (i = 0; i < 250; i += 7)
		series[i] += 4e4;
	CHECK(!estimate(250, 0.001));
	CHECK(has(LW_REASON_TEST + LW_TEST_INDEPENDENCE));
}

/* Two kinds of blocks, in no order. */
static void test_mixture(void)
{
	const struct lw_gev other = { 1.6e5, 8e3, -0.1 };
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_ranlxd2);
	size_t i;

	gsl_rng_set(rng, 8);
	for (i = 0; i < 250; i++)
		series[i] = draw(rng, gsl_rng_uniform(rng) < 0.5 ? &typical :
								   &other);
	gsl_rng_free(rng);
	CHECK(!estimate(250, 0.001) && has(LW_REASON_TEST + LW_TEST_GOODNESS));
	CHECK(bound.tests[LW_TEST_GOODNESS].p <= 0.001);
}

/* No distribution of maxima. */
static void test_uniform(void)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_ranlxd2);
	size_t i;

	gsl_rng_set(rng, 9);
	for (i = 0; i < 250; i++)
		series[i] = gsl_rng_uniform(rng);
	gsl_rng_free(rng);
	CHECK(!estimate(250, 0.001));
	CHECK(has(LW_REASON_TEST + LW_TEST_GOODNESS));
}

/* One block that is not like the others, and that a bound is about. */
static void test_outlier(void)
{
	fill(&typical, 400, 1);
	CHECK(!estimate(400, 1e-6) && !bound.reasons);
	series[300] = 1.8e5;
	CHECK(!estimate(400, 1e-6) && has(LW_REASON_TEST + LW_TEST_LARGEST));
	CHECK(bound.tests[LW_TEST_LARGEST].p < 0.01);
}

static void test_shape(void)
{
	const struct lw_gev ends = { 9e4, 8e3, -0.75 };

	fill(&ends, 250, 10);
	CHECK(!estimate(250, 0.001) && has(LW_REASON_SHAPE));
	CHECK(bound.fit.gev.xi < -0.5);
}

static void test_wide(void)
{
	const struct lw_gev heavy = { 9e4, 3e4, 0.3 };

	fill(&heavy, 100, 12);
	CHECK(!estimate(100, 1e-6) && only(LW_REASON_WIDE));
	CHECK(bound.level.profile.high - bound.level.profile.low >
	      bound.level.level);
	/* of the same blocks there is one that is not so far out */
	CHECK(!estimate(100, 0.05) && !bound.reasons);
}

static char error[256];

static int parse(const char *text, struct lw_maxima *maxima)
{
	error[0] = '\0';
	return lw_maxima_parse(text, strlen(text), maxima, error, sizeof(error));
}

static bool is_refused(const char *text, const char *why)
{
	struct lw_maxima maxima;

	if (!parse(text, &maxima)) {
		lw_maxima_clear(&maxima);
		printf("# not refused: %s\n", text);
		return false;
	}
	if (!strstr(error, why))
		printf("# not '%s' but '%s'\n", why, error);
	return strstr(error, why) && !maxima.nr && !maxima.max_ns;
}

static void test_lines(void)
{
	struct lw_maxima m;

	CHECK(!parse("# ns\n 146200 \r\n\n99.5\n18446744073709551615\n1e3", &m));
	CHECK(m.nr == 4 && m.max_ns[0] == 146200 && m.max_ns[1] == 99.5);
	CHECK(m.max_ns[2] == 18446744073709551616.0 && m.max_ns[3] == 1000);
	CHECK(m.second[0] == 0 && m.second[3] == 3);
	CHECK(!m.empty && !m.missing && !m.left_out && m.block_seconds == 1);
	lw_maxima_clear(&m);
	CHECK(!parse("", &m) && !m.nr);
	lw_maxima_clear(&m);
	CHECK(is_refused("1\n2\n-3\n", "line 3 is no maximum (expected a number of ns, 0 or more)"));
	CHECK(is_refused("nan\n", "line 1"));
	CHECK(is_refused("1\ninf\n", "line 2"));
	CHECK(is_refused("0x10\n", "line 1"));
	CHECK(is_refused("1e999\n", "line 1"));
	CHECK(is_refused("1 2\n", "line 1"));
	CHECK(is_refused("12us\n", "line 1"));
	CHECK(is_refused("[1]", "line 1"));
	CHECK(is_refused("11111111111111111111111111111111111111111111111111111111111111111",
			 "line 1"));
	CHECK(lw_maxima_parse("1\0002\n", 4, &m, error, sizeof(error)) == -EINVAL);
}

static void test_windows(void)
{
	struct lw_maxima m;

	CHECK(!parse("{\"new\":1,\"windows\":["
		     "{\"second\":100,\"count\":5,\"max_ns\":7000,\"new\":[]},"
		     "{\"second\":101,\"count\":0,\"max_ns\":null},"
		     "{\"second\":105,\"count\":1,\"max_ns\":0},"
		     "{\"second\":106,\"count\":0}]}\n", &m));
	CHECK(m.nr == 2 && m.second[0] == 100 && m.second[1] == 105);
	/* a maximum of 0 was measured; where nothing was, there is none */
	CHECK(m.max_ns[0] == 7000 && m.max_ns[1] == 0);
	CHECK(m.empty == 2 && m.missing == 3);
	lw_maxima_clear(&m);
	CHECK(!parse("{\"windows\":[]}", &m) && !m.nr);
	lw_maxima_clear(&m);
	CHECK(is_refused("{\"windows\":[", "line 1 is not JSON"));
	CHECK(is_refused("{}", "no array \"windows\""));
	CHECK(is_refused("{\"windows\":{}}", "no array \"windows\""));
	CHECK(is_refused("{\"windows\":[1]}", "window 1 has no second"));
	CHECK(is_refused("{\"windows\":[{\"second\":-1,\"count\":1,\"max_ns\":1}]}",
			 "window 1 has no second"));
	CHECK(is_refused("{\"windows\":[{\"second\":18446744073709551615,\"count\":1,\"max_ns\":1}]}",
			 "window 1 has no second"));
	CHECK(is_refused("{\"windows\":[{\"second\":1,\"max_ns\":1}]}",
			 "window 1 has no count"));
	CHECK(is_refused("{\"windows\":[{\"second\":1,\"count\":1}]}",
			 "window 1 has a count and no max_ns"));
	CHECK(is_refused("{\"windows\":[{\"second\":1,\"count\":1,\"max_ns\":\"9\"}]}",
			 "max_ns of window 1 is no number"));
	CHECK(is_refused("{\"windows\":[{\"second\":1,\"count\":1,\"max_ns\":1},"
			 "{\"second\":1,\"count\":1,\"max_ns\":1}]}",
			 "window 2 is not later"));
}

static void test_add(void)
{
	struct lw_maxima m = { .block_seconds = 1 };

	CHECK(!lw_maxima_add(&m, 0, true, 5));
	CHECK(lw_maxima_add(&m, 0, true, 6) == -EINVAL);
	CHECK(!lw_maxima_add(&m, 3, false, 0));
	CHECK(lw_maxima_add(&m, 2, true, 6) == -EINVAL);
	CHECK(!lw_maxima_add(&m, LW_LATEST_SECOND, true, 7));
	CHECK(lw_maxima_add(&m, UINT64_MAX, true, 7) == -EINVAL);
	CHECK(m.nr == 2 && m.empty == 1 && m.max_ns[1] == 7);
	CHECK(m.missing == 2 + LW_LATEST_SECOND - 4);
	lw_maxima_clear(&m);
}

static void test_group(void)
{
	struct lw_maxima m;

	CHECK(!parse("5\n9\n1\n2\n3\n4\n7\n8\n", &m));
	lw_maxima_group(&m, 3);
	CHECK(m.nr == 2 && m.max_ns[0] == 9 && m.max_ns[1] == 4);
	CHECK(m.second[0] == 0 && m.second[1] == 3);
	CHECK(m.left_out == 2 && m.block_seconds == 3);
	lw_maxima_clear(&m);
	/* blocks are of time: what is missing makes none longer */
	CHECK(!parse("{\"windows\":["
		     "{\"second\":10,\"count\":1,\"max_ns\":1},"
		     "{\"second\":13,\"count\":1,\"max_ns\":2},"
		     "{\"second\":14,\"count\":1,\"max_ns\":3},"
		     "{\"second\":21,\"count\":1,\"max_ns\":4}]}", &m));
	lw_maxima_group(&m, 4);
	CHECK(m.nr == 3 && m.max_ns[0] == 2 && m.max_ns[1] == 3 &&
	      m.max_ns[2] == 4);
	CHECK(m.second[0] == 10 && m.second[1] == 14 && m.second[2] == 18);
	CHECK(!m.left_out);
	lw_maxima_clear(&m);
	CHECK(!parse("", &m));
	lw_maxima_group(&m, 4);
	CHECK(!m.nr);
	lw_maxima_clear(&m);
}

static int run(const char *path, double probability, unsigned int seconds,
	       bool *bounded)
{
	const struct lw_bound_request request = {
		.probability = probability, .block_seconds = seconds,
	};

	error[0] = '\0';
	return lw_bound_run_file(&request, path, stdout, bounded, error,
				 sizeof(error));
}

static void test_run(void)
{
	bool bounded;

	CHECK(run("no-such-file", 0.01, 1, &bounded) == -ENOENT && !bounded);
	CHECK(!strcmp(error, "no-such-file: No such file or directory"));
	CHECK(run("/dev/null", 0, 1, &bounded) == -EINVAL);
	CHECK(!strcmp(error, "invalid probability 0 (expected more than 0, 0.1 at most)"));
	CHECK(run("/dev/null", 0.01, 0, &bounded) == -EINVAL);
	CHECK(!strcmp(error, "invalid block of 0 s (expected 1 or more)"));
}

static const struct ktap_test tests[] = {
	{ "a bound is given, and the truth is in its interval", test_bound_given },
	{ "few series that meet all assumptions are refused", test_false_alarms },
	{ "Port Pirie: a bound", test_port_pirie },
	{ "Fremantle: no bound, for its trend", test_fremantle },
	{ "glass fibres in their order: no bound", test_glass_fibres },
	{ "too few blocks", test_few },
	{ "equal maxima", test_equal },
	{ "probabilities", test_probability },
	{ "a trend", test_trend },
	{ "a step", test_step },
	{ "dependence", test_dependence },
	{ "a period", test_period },
	{ "a mixture", test_mixture },
	{ "a uniform distribution", test_uniform },
	{ "one that is not like the others", test_outlier },
	{ "a shape whose errors are not known", test_shape },
	{ "an interval wider than the level", test_wide },
	{ "files of lines", test_lines },
	{ "files of windows", test_windows },
	{ "seconds one by one", test_add },
	{ "blocks of several seconds", test_group },
	{ "what cannot be estimated from", test_run },
};

int main(int argc, char **argv)
{
	struct lw_bound_request request = { 0 };
	bool bounded;

	if (argc == 1)
		return ktap_run(tests, NR(tests));
	if (!strcmp(argv[1], "--json")) {
		request.json = true;
		argc--;
		argv++;
	}
	if (argc != 4)
		return 2;
	request.probability = strtod(argv[1], NULL);
	request.block_seconds = (unsigned int)strtoul(argv[2], NULL, 10);
	if (lw_bound_run_file(&request, argv[3], stdout, &bounded, error,
			      sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	return bounded ? 0 : 3;
}
