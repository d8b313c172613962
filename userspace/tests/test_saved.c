// SPDX-License-Identifier: GPL-2.0
/*
 * Saved reports, whole and spoilt.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "json_read.h"
#include "ktap.h"
#include "saved.h"

#define BEGIN "{\"schema\":1,\"info\":{},\"vms\":[],\"host\":"

static char error[256];

static int parse(const char *text, struct lw_report *report)
{
	error[0] = '\0';
	return lw_saved_parse(text, strlen(text), report, error,
			      sizeof(error));
}

static bool is_refused(const char *text, const char *why)
{
	struct lw_report report;

	if (!parse(text, &report)) {
		lw_report_clear(&report);
		return false;
	}
	if (!strstr(error, why))
		printf("# not '%s' but '%s'\n", why, error);
	return strstr(error, why);
}

static void test_least(void)
{
	struct lw_report report;

	CHECK(!parse(BEGIN "{}}", &report));
	CHECK(!report.nr_stages && !report.nr_vms && !report.nr_ledgers);
	CHECK(!report.info.since.known && !report.info.version);
	lw_report_clear(&report);
}

static void test_stage(void)
{
	static const char text[] =
		BEGIN "{\"stages\":[{\"id\":8,\"path\":\"tx\",\"stage\":\"napi\","
		"\"per\":\"packet\",\"shared\":true,\"total\":false,"
		"\"after\":true,\"count\":18446744073709551615,"
		"\"min_ns\":null,\"sum_ns\":1767448931000000001,"
		"\"avg_ns\":1.5e3,"
		"\"sumsq_ns2\":340282366920938463463374607431768211455,"
		"\"buckets\":[{\"low_ns\":0,\"high_ns\":1,\"count\":2},"
		"{\"low_ns\":2,\"high_ns\":2,\"count\":1}],\"new\":[{}]}],"
		"\"ledger\":null}}\n";
	struct lw_report report;
	const struct lw_report_stage *stage;

	CHECK(!parse(text, &report));
	CHECK(report.nr_stages == 1 && !report.nr_ledgers);
	stage = report.stages;
	CHECK(stage->id == 8 && stage->path == LATWATCH_PATH_TX);
	CHECK(!strcmp(stage->name, "napi"));
	CHECK(stage->unit.known && stage->unit.v == LATWATCH_UNIT_PACKET);
	CHECK(stage->flags == (LATWATCH_STAGE_FLAGS_HOST |
			       LATWATCH_STAGE_FLAGS_AFTER));
	/* All digits, where a double would have lost some. */
	CHECK(stage->count.v == UINT64_MAX);
	CHECK(stage->sum_ns.v == 1767448931000000001ull);
	CHECK(stage->sumsq_low.v == UINT64_MAX &&
	      stage->sumsq_high.v == UINT64_MAX);
	CHECK(!stage->min_ns.known && !stage->max_ns.known);
	CHECK(stage->nr_buckets == 2 && stage->buckets[1].low_ns == 2);
	CHECK(!stage->vm.known);
	lw_report_clear(&report);
}

/* By place where it was saved, by number where it was not. */
static void test_place(void)
{
	struct lw_report report;

	CHECK(!parse(BEGIN "{\"stages\":[{\"id\":3,\"place\":7},"
		     "{\"id\":6},{\"id\":9,\"place\":0},"
		     "{\"id\":8,\"place\":null}]}}", &report));
	CHECK(report.nr_stages == 4);
	CHECK(report.stages[0].id == 9 && report.stages[1].id == 6);
	CHECK(report.stages[2].id == 3 && report.stages[3].id == 8);
	CHECK(report.stages[0].place.known && !report.stages[1].place.known);
	CHECK(lw_stage_place(&report.stages[0]) == 0);
	CHECK(lw_stage_place(&report.stages[1]) == 6);
	CHECK(lw_stage_place(&report.stages[2]) == 7);
	CHECK(lw_stage_place(&report.stages[3]) == 8);
	lw_report_clear(&report);
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,\"place\":-1}]}}",
			 "'place'"));
}

static void test_bounds(void)
{
	struct lw_report report;
	const struct lw_report_stage *stage;

	CHECK(!parse(BEGIN "{\"stages\":[{\"id\":3,\"from\":3,\"to\":4,"
		     "\"or_to\":null,\"with\":[5,31,32],\"without\":[0],"
		     "\"within\":7,\"also\":[\"reader\",\"sideways\"],"
		     "\"by_task\":true},{\"id\":4}]}}", &report));
	CHECK(report.nr_stages == 2);
	stage = report.stages;
	CHECK(stage->from.known && stage->from.v == 3);
	CHECK(stage->to.known && stage->to.v == 4 && !stage->or_to.known);
	CHECK(stage->with == (1u << 5 | 1u << 31) && stage->without == 1);
	CHECK(stage->within.known && stage->within.v == 7);
	CHECK(stage->also == 1u << LATWATCH_PATH_READER);
	CHECK(stage->flags == LATWATCH_STAGE_FLAGS_BY_TASK);
	stage++;
	CHECK(!stage->from.known && !stage->to.known && !stage->with);
	lw_report_clear(&report);
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,\"with\":3}]}}",
			 "'with'"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,\"with\":[\"irq\"]}]}}",
			 "'with'"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,\"also\":[3]}]}}",
			 "'also'"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,\"from\":\"irq\"}]}}",
			 "'from'"));
}

static void test_of_tomorrow(void)
{
	static const char text[] =
		BEGIN "{\"stages\":[{\"id\":900,\"path\":\"sideways\","
		"\"per\":\"dozen\"}],\"ledger\":{\"entries\":["
		"{\"category\":\"eaten\",\"path\":\"rx\",\"count\":3},"
		"{\"category\":null,\"count\":4}]}}}";
	struct lw_report report;

	CHECK(!parse(text, &report));
	CHECK(report.stages[0].path >= LW_PATHS && report.stages[0].unit.known);
	CHECK(report.stages[0].unit.v > LATWATCH_UNIT_DELIVERY);
	CHECK(report.ledgers[0].entries[0].category > LATWATCH_CATEGORY_NOTE);
	CHECK(report.ledgers[0].entries[1].category > LATWATCH_CATEGORY_NOTE);
	lw_report_clear(&report);
}

static void test_spoilt(void)
{
	CHECK(is_refused("", "line 1 is not JSON"));
	CHECK(is_refused("{\n\n\"a\":\n!", "line 4 is not JSON"));
	CHECK(is_refused(BEGIN "{}", "is not JSON"));
	CHECK(is_refused(BEGIN "{}}\n" BEGIN "{}}", "line 2 is not JSON of one report"));
	CHECK(is_refused(BEGIN "{\"x\":01}}", "is not JSON"));
	CHECK(is_refused(BEGIN "{\"x\":1.}}", "is not JSON"));
	CHECK(is_refused(BEGIN "{\"x\":-}}", "is not JSON"));
	CHECK(is_refused(BEGIN "{\"x\":1e}}", "is not JSON"));
	CHECK(is_refused(BEGIN "{\"x\":\"\xff" "1\"}}", "is not JSON"));
	CHECK(is_refused(BEGIN "{\"x\":\"", "is not JSON"));
	CHECK(is_refused("[]", "is no report"));
	CHECK(is_refused("7", "is no report"));
	CHECK(is_refused("{\"schema\":1,\"kind\":\"comparison\"}",
			 "is no report"));
	CHECK(is_refused("{\"schema\":\"1\",\"info\":{},\"vms\":[],\"host\":{}}",
			 "is no report"));
	CHECK(is_refused("{\"schema\":2,\"info\":{},\"vms\":[],\"host\":{}}",
			 "is of schema 2, this program reads 1"));
	CHECK(is_refused(BEGIN "{\"stages\":{}}}", "'stages'"));
	CHECK(is_refused(BEGIN "{\"stages\":[3]}}", "'stages'"));
	CHECK(is_refused(BEGIN "{\"stages\":[{}]}}", "'id' is missing"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":4294967296}]}}", "'id'"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":\"1\"}]}}", "'id'"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,\"count\":-1}]}}",
			 "'count'"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,\"count\":1.5}]}}",
			 "'count'"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,"
			 "\"count\":18446744073709551616}]}}", "'count'"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,\"stage\":5}]}}",
			 "'stage' is no text"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,\"total\":1}]}}",
			 "'total'"));
	CHECK(is_refused(BEGIN "{\"stages\":[{\"id\":1,\"buckets\":["
			 "{\"low_ns\":5,\"high_ns\":9,\"count\":1},"
			 "{\"low_ns\":9,\"high_ns\":9,\"count\":1}]}]}}",
			 "'buckets' do not rise"));
	CHECK(is_refused(BEGIN "{\"ledger\":[]}}", "'ledger'"));
	CHECK(is_refused("{\"schema\":1,\"info\":{},\"host\":{},"
			 "\"vms\":[{\"id\":1},{\"id\":1}]}",
			 "VM 1 is there twice"));
}

/* However deep it is nested, that is no way to the end of the stack. */
static void test_deep(void)
{
	char deep[100000];

	memset(deep, '[', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	CHECK(is_refused(deep, "is not JSON"));
}

static void test_signed(void)
{
	static const char text[] =
		"[-9223372036854775807, 9223372036854775807, -0, 1.0,"
		" -9223372036854775808, 9223372036854775808, \"1\"]";
	cJSON *list;
	size_t line;
	int64_t number;

	list = lw_json_parse(text, strlen(text), &line);
	CHECK(list);
	CHECK(lw_json_to_signed(cJSON_GetArrayItem(list, 0), &number));
	CHECK(number == -INT64_MAX);
	CHECK(lw_json_to_signed(cJSON_GetArrayItem(list, 1), &number));
	CHECK(number == INT64_MAX);
	CHECK(lw_json_to_signed(cJSON_GetArrayItem(list, 2), &number));
	CHECK(number == 0);
	CHECK(!lw_json_to_signed(cJSON_GetArrayItem(list, 3), &number));
	CHECK(!lw_json_to_signed(cJSON_GetArrayItem(list, 4), &number));
	CHECK(!lw_json_to_signed(cJSON_GetArrayItem(list, 5), &number));
	CHECK(!lw_json_to_signed(cJSON_GetArrayItem(list, 6), &number));
	CHECK(lw_json_is_text(cJSON_GetArrayItem(list, 6)));
	CHECK(!lw_json_is_text(cJSON_GetArrayItem(list, 0)));
	cJSON_Delete(list);
}

static const struct ktap_test tests[] = {
	{ "the least that is a report", test_least },
	{ "a stage with all its digits", test_stage },
	{ "a stage's place", test_place },
	{ "what bounds a stage", test_bounds },
	{ "names of tomorrow", test_of_tomorrow },
	{ "what is no report", test_spoilt },
	{ "JSON without a floor", test_deep },
	{ "signed numbers", test_signed },
};

int main(void)
{
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
