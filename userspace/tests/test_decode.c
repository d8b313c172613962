// SPDX-License-Identifier: GPL-2.0
/*
 * Decoders on canned messages, whole and garbled.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/latwatch.h>

#include "decode.h"
#include "derive.h"
#include "fixture.h"
#include "ktap.h"
#include "machine.h"
#include "nl.h"

static struct tape tape;

static const struct nlmsghdr *begin(uint8_t cmd)
{
	tape.len = 0;
	return tape_begin(&tape, FIXTURE_FAMILY, 0, cmd);
}

#define BEGIN(cmd) ((struct nlmsghdr *)begin(cmd))

/* Feeds every message of the tape; the first error ends it. */
static int feed(lw_decoder *decoder, struct lw_report *report)
{
	const struct nlmsghdr *nlh;
	size_t at = 0;
	int err = 0;

	while (!err && (nlh = lw_nl_next(tape.data, tape.len, &at)))
		err = decoder(nlh, report);
	return err;
}

static void test_info(void)
{
	struct lw_report report = { 0 };

	tape.len = 0;
	fixture_info(fixture_find("missing"), 2, &tape);
	CHECK(!feed(lw_decode_info, &report));
	CHECK(!strcmp(report.info.version, "0.1.0"));
	CHECK(!strcmp(report.info.kernel, "6.12.117-rt-amd64"));
	CHECK(!strcmp(report.info.clock, "mono"));
	CHECK(report.info.preempt_rt);
	CHECK(report.info.epoch.known && report.info.epoch.v == 2);
	CHECK(report.info.since.v == 100000000000ull);
	CHECK(report.info.memory.v == 1 << 20);
	CHECK(report.info.nr_tracepoints == 8);
	CHECK(!report.info.tracepoints[1].attached);
	CHECK(!report.info.tracepoints[1].prototype.known);
	CHECK(report.info.tracepoints[7].attached);
	CHECK(lw_has_changed(&report.info.tracepoints[3]));
	CHECK(!lw_is_unchecked(&report.info.tracepoints[3]));
	CHECK(!lw_has_changed(&report.info.tracepoints[4]));
	CHECK(lw_is_unchecked(&report.info.tracepoints[4]));
	CHECK(!lw_is_unchecked(&report.info.tracepoints[6]));
	CHECK(!strcmp(report.info.tracepoints[2].name, "net_dev_queue"));
	CHECK(!strcmp(report.info.tracepoints[2].cost, "qdisc"));
	CHECK(report.info.nr_limits == 2);
	CHECK(report.info.limits[0].used.v == 3800);
	/* Again: the newer replaces the older. */
	CHECK(!feed(lw_decode_info, &report));
	CHECK(report.info.nr_tracepoints == 8);
	lw_report_clear(&report);
}

static void test_kprobes(void)
{
	struct lw_report report = { 0 };
	const struct lw_tracepoint *point;

	tape.len = 0;
	fixture_info(fixture_find("paths"), 2, &tape);
	CHECK(!feed(lw_decode_info, &report));
	CHECK(report.info.nr_tracepoints == 7);
	point = &report.info.tracepoints[6];
	CHECK(!strcmp(point->name, "dev_map_enqueue"));
	CHECK(lw_is_kprobe(point));
	CHECK(point->missed.known && point->missed.v == 2);
	CHECK(!lw_is_kprobe(&report.info.tracepoints[4]));
	CHECK(!report.info.tracepoints[4].missed.known);
	lw_report_clear(&report);
}

static void test_absent(void)
{
	struct lw_report report = { 0 };

	BEGIN(LATWATCH_CMD_INFO_GET);
	tape.len = ((struct nlmsghdr *)tape.data)->nlmsg_len;
	CHECK(!feed(lw_decode_info, &report));
	CHECK(!report.info.version && !report.info.since.known);
	lw_report_clear(&report);
}

static void test_stages(void)
{
	struct lw_report report = { 0 };
	const struct lw_report_stage *stage = NULL;
	size_t nr = 0, i;

	tape.len = 0;
	fixture_stages(fixture_find("normal"), FIXTURE_ALL, 0, &tape);
	CHECK(!feed(lw_decode_stage, &report));
	CHECK(!lw_report_settle(&report));
	CHECK(report.nr_stages == 18);
	CHECK(report.nr_vms == 1 && report.vms[0].id == 1);
	while ((stage = lw_report_next_stage(&report, &report.vms[0],
					     LATWATCH_PATH_RX, stage)))
		nr++;
	CHECK(nr == 18);
	for (i = 1; i < report.nr_stages; i++)
		CHECK(report.stages[i - 1].id < report.stages[i].id);
	for (i = 0; i < report.nr_stages; i++) {
		stage = &report.stages[i];
		if (stage->id != LATWATCH_STAGE_TAP_DWELL)
			continue;
		CHECK(stage->vm.known && stage->vm.v == 1);
		CHECK(!strcmp(stage->name, "tap dwell"));
		CHECK(stage->unit.v == LATWATCH_UNIT_PACKET);
		CHECK(stage->count.v == 10000);
		CHECK(stage->min_ns.v == 7000 && stage->max_ns.v == 91000);
		/* Two came with the figures, two in a message of their own. */
		CHECK(stage->nr_buckets == 4);
		CHECK(stage->buckets[3].low_ns <= 91000 &&
		      stage->buckets[3].high_ns >= 91000);
	}
	lw_report_clear(&report);
}

static void test_widths(void)
{
	struct lw_report report = { 0 };
	struct nlmsghdr *nlh = BEGIN(LATWATCH_CMD_STAGE_GET);

	mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_ID, 3);
	mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_COUNT, 7);
	mnl_attr_put_u64(nlh, LATWATCH_A_STAGE_SUM, 0x123456789abcdefull);
	mnl_attr_put_u64(nlh, LATWATCH_A_STAGE_MINIMUM, 5);
	tape_end(&tape, nlh);
	CHECK(!feed(lw_decode_stage, &report));
	CHECK(report.nr_stages == 1);
	CHECK(report.stages[0].count.known && report.stages[0].count.v == 7);
	CHECK(report.stages[0].sum_ns.v == 0x123456789abcdefull);
	CHECK(report.stages[0].min_ns.v == 5);
	CHECK(!report.stages[0].max_ns.known);
	CHECK(!report.stages[0].vm.known);
	lw_report_clear(&report);
}

static void test_paths(void)
{
	struct lw_report report = { 0 };
	struct nlmsghdr *nlh = BEGIN(LATWATCH_CMD_STAGE_GET);
	const struct lw_report_stage *stage;

	/* A module that says nothing of paths knows rx alone. */
	mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_ID, 3);
	put_uint(nlh, LATWATCH_A_STAGE_COUNT, 7);
	tape_end(&tape, nlh);
	CHECK(!feed(lw_decode_stage, &report));
	CHECK(report.stages[0].path == LATWATCH_PATH_RX);
	lw_report_clear(&report);

	tape.len = 0;
	fixture_stages(fixture_find("paths"), FIXTURE_ALL, 0, &tape);
	CHECK(!feed(lw_decode_stage, &report));
	CHECK(!lw_report_settle(&report));
	stage = lw_report_find_stage(&report, LATWATCH_STAGE_TX_COMPLETION);
	CHECK(stage && stage->path == LATWATCH_PATH_TX);
	CHECK(stage && stage->flags == LATWATCH_STAGE_FLAGS_AFTER);
	/* Its end is no mark. */
	stage = lw_report_find_stage(&report, LATWATCH_STAGE_TX_DRIVER);
	CHECK(stage && stage->from.v == LATWATCH_MARK_XMIT && !stage->to.known);
	stage = lw_report_find_stage(&report, LATWATCH_STAGE_HARD_IRQ);
	CHECK(stage && stage->from.known && stage->from.v == LATWATCH_MARK_IRQ);
	CHECK(stage && stage->to.v == LATWATCH_MARK_THREAD_WAKE);
	CHECK(stage && stage->or_to.v == LATWATCH_MARK_RAISE);
	CHECK(stage && stage->also == 1u << LATWATCH_PATH_READER);
	CHECK(stage && !stage->with && !stage->without && !stage->within.known);
	stage = lw_report_find_stage(&report, LATWATCH_STAGE_QDISC);
	CHECK(stage && stage->with == 1u << LATWATCH_MARK_STACK);
	CHECK(stage && stage->within.v == LATWATCH_STAGE_STACK);
	stage = lw_report_find_stage(&report, LATWATCH_STAGE_KICK);
	CHECK(stage && stage->without == 1u << LATWATCH_MARK_VCPU_WAKE);
	/* What this reporter does not know is kept as it is. */
	stage = lw_report_find_stage(&report, BEYOND_STAGE);
	CHECK(stage && stage->path == 9 && stage->count.v == 17);
	lw_report_clear(&report);

	tape.len = 0;
	CHECK(fixture_ledger(fixture_find("paths"), 0, &tape));
	CHECK(!feed(lw_decode_ledger, &report));
	CHECK(report.ledgers[0].entries[0].path == LATWATCH_PATH_RX);
	CHECK(report.ledgers[0].entries[7].path == 9);
	CHECK(report.ledgers[0].entries[8].path == LATWATCH_PATH_TX);
	lw_report_clear(&report);
}

/* A stage that came late has the last number, and the place that it has. */
static void test_places(void)
{
	struct lw_report report = { 0 };
	const struct lw_report_stage *stage = NULL, *last = NULL;
	const struct lw_report_cpu *cpu;

	tape.len = 0;
	fixture_stages(fixture_find("places"), FIXTURE_ALL, 0, &tape);
	CHECK(!feed(lw_decode_stage, &report));
	tape.len = 0;
	fixture_cpus(fixture_find("places"), 0, &tape);
	CHECK(!feed(lw_decode_cpu, &report));
	CHECK(!lw_report_settle(&report));
	while ((stage = lw_report_next_stage(&report, &report.vms[0],
					     LATWATCH_PATH_RX, stage))) {
		if (stage->id == LATE_STAGE)
			CHECK(last && last->id == LATWATCH_STAGE_NAPI);
		if (last && last->id == LATE_STAGE)
			CHECK(stage->id == LATWATCH_STAGE_STACK);
		CHECK(stage->place.known);
		CHECK(!last || last->place.v < stage->place.v);
		last = stage;
	}
	CHECK(last && last->id == LATWATCH_STAGE_END_TO_END_VM);
	cpu = &report.cpus[1];
	CHECK(cpu->nr_maxima == 4);
	CHECK(cpu->maxima[0].id == LATWATCH_STAGE_SOFTIRQ_WAIT);
	CHECK(cpu->maxima[1].id == LATE_STAGE);
	CHECK(cpu->maxima[2].id == LATWATCH_STAGE_STACK);
	lw_report_clear(&report);
}

/* Out of a guest the marks rise by time, not by number. */
static void test_mark_order(void)
{
	const struct lw_report_watermark *worst = NULL;
	struct lw_report report = { 0 };
	size_t i;

	tape.len = 0;
	fixture_watermarks(fixture_find("paths"), 2, 0, &tape);
	CHECK(!feed(lw_decode_watermark, &report));
	for (i = 0; i < report.nr_watermarks; i++)
		if (report.watermarks[i].id == LATWATCH_STAGE_END_TO_END_VM)
			worst = &report.watermarks[i];
	CHECK(worst && worst->nr_marks == 12);
	CHECK(worst && worst->marks[0].id == LATWATCH_MARK_EXIT);
	CHECK(worst && worst->origin.v == LATWATCH_ORIGIN_VM);
	for (i = 1; worst && i < worst->nr_marks; i++)
		CHECK(worst->marks[i - 1].time_ns.v <
		      worst->marks[i].time_ns.v);
	lw_report_clear(&report);
}

static void put_bucket(struct nlmsghdr *nlh, uint64_t low, uint64_t high)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, LATWATCH_A_STAGE_BUCKET);

	put_uint(nlh, LATWATCH_A_BUCKET_LOW, low);
	put_uint(nlh, LATWATCH_A_BUCKET_HIGH, high);
	put_uint(nlh, LATWATCH_A_BUCKET_COUNT, 1);
	mnl_attr_nest_end(nlh, nest);
}

static int feed_buckets(uint64_t low1, uint64_t high1, uint64_t low2,
			uint64_t high2, bool apart)
{
	struct lw_report report = { 0 };
	struct nlmsghdr *nlh = BEGIN(LATWATCH_CMD_STAGE_GET);
	int err;

	mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_ID, 3);
	put_uint(nlh, LATWATCH_A_STAGE_COUNT, 2);
	put_bucket(nlh, low1, high1);
	if (apart) {
		tape_end(&tape, nlh);
		nlh = tape_begin(&tape, FIXTURE_FAMILY, 0,
				 LATWATCH_CMD_STAGE_GET);
		mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_ID, 3);
	}
	put_bucket(nlh, low2, high2);
	tape_end(&tape, nlh);
	err = feed(lw_decode_stage, &report);
	CHECK(err || report.stages[0].nr_buckets == 2);
	lw_report_clear(&report);
	return err;
}

static void test_bucket_order(void)
{
	int apart;

	for (apart = 0; apart < 2; apart++) {
		CHECK(!feed_buckets(0, 9, 10, 19, apart));
		CHECK(feed_buckets(10, 19, 0, 9, apart) == -EBADMSG);
		CHECK(feed_buckets(0, 10, 10, 19, apart) == -EBADMSG);
		CHECK(feed_buckets(0, 9, 19, 10, apart) == -EBADMSG);
	}
}

static void test_orphan_continuation(void)
{
	struct lw_report report = { 0 };
	struct nlmsghdr *nlh = BEGIN(LATWATCH_CMD_STAGE_GET);

	mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_ID, 3);
	put_bucket(nlh, 0, 1);
	tape_end(&tape, nlh);
	CHECK(feed(lw_decode_stage, &report) == -EBADMSG);
	CHECK(!report.nr_stages);
	lw_report_clear(&report);
}

static void test_watermarks(void)
{
	const struct lw_report_watermark *worst;
	struct lw_report report = { 0 };

	tape.len = 0;
	fixture_watermarks(fixture_find("normal"), FIXTURE_ALL, 0, &tape);
	CHECK(!feed(lw_decode_watermark, &report));
	CHECK(!lw_report_settle(&report));
	CHECK(report.nr_watermarks == 2);
	CHECK(lw_report_find_watermark(&report, NULL,
				       LATWATCH_STAGE_SOFTIRQ_WAIT));
	worst = lw_report_find_watermark(&report, &report.vms[0],
					 LATWATCH_STAGE_END_TO_END);
	CHECK(worst);
	if (worst) {
		CHECK(worst->value_ns.v == 146213 && worst->irq.v == 31);
		CHECK(worst->nr_marks == 14 && worst->nr_actors == 4);
		CHECK(worst->marks[13].cpu.v == 3);
		CHECK(!strcmp(worst->marks[13].name, "entry"));
		CHECK(worst->actors[3].prio.v == 49);
		CHECK(!strcmp(worst->actors[2].comm, "vhost-217"));
	}
	lw_report_clear(&report);
}

static void test_negative_prio(void)
{
	const struct lw_report_watermark *worst;
	struct lw_report report = { 0 };

	tape.len = 0;
	fixture_watermarks(fixture_find("non-rt"), 1, 0, &tape);
	CHECK(!feed(lw_decode_watermark, &report));
	CHECK(report.nr_watermarks == 2);
	worst = &report.watermarks[1];
	CHECK(worst->actors[1].prio.known && worst->actors[1].prio.v == -1);
	lw_report_clear(&report);
}

static void test_vms_cpus_ledger(void)
{
	struct lw_report report = { 0 };

	tape.len = 0;
	fixture_vms(fixture_find("two-vms"), 0, &tape);
	CHECK(!feed(lw_decode_vm, &report));
	tape.len = 0;
	fixture_cpus(fixture_find("two-vms"), 0, &tape);
	CHECK(!feed(lw_decode_cpu, &report));
	tape.len = 0;
	CHECK(fixture_ledger(fixture_find("two-vms"), 2, &tape));
	CHECK(!feed(lw_decode_ledger, &report));
	CHECK(!lw_report_settle(&report));
	CHECK(report.nr_vms == 2 && report.nr_cpus == 2);
	CHECK(report.vms[0].id == 1 && !report.vms[0].gone);
	CHECK(report.vms[1].gone && report.vms[1].nr_taps == 2);
	CHECK(!strcmp(report.vms[1].taps[1], "tap2"));
	CHECK(report.cpus[1].nr_marks == 2 && report.cpus[1].nr_maxima == 1);
	CHECK(report.cpus[1].maxima[0].max_ns.v == 3900);
	CHECK(report.nr_ledgers == 1 && report.ledgers[0].vm.v == 2);
	CHECK(report.ledgers[0].nr_entries == 10);
	CHECK(lw_report_find_vm(&report, 217) == &report.vms[0]);
	CHECK(lw_report_find_vm(&report, 2) == &report.vms[1]);
	CHECK(!lw_report_find_vm(&report, 3));
	lw_report_clear(&report);
}

/* An object whose one attribute has a length that it cannot have. */
static int feed_length(lw_decoder *decoder, uint16_t attr, size_t len)
{
	struct lw_report report = { 0 };
	struct nlmsghdr *nlh = BEGIN(0);
	static const char zeros[16];
	int err;

	/* The id has the number 2 in a stage and a watermark. */
	if (attr != 2)
		mnl_attr_put_u32(nlh, 2, 3);
	mnl_attr_put(nlh, attr, len, zeros);
	tape_end(&tape, nlh);
	err = feed(decoder, &report);
	CHECK(!report.nr_watermarks || !err);
	lw_report_clear(&report);
	return err;
}

static void test_lengths(void)
{
	CHECK(!feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_VALUE, 4));
	CHECK(!feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_VALUE, 8));
	CHECK(feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_VALUE, 0));
	CHECK(feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_VALUE, 2));
	CHECK(feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_VALUE, 7));
	CHECK(feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_VALUE, 12));
	CHECK(!feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_IRQ, 4));
	CHECK(feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_IRQ, 8));
	CHECK(feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_ID, 8));
	CHECK(feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_ID, 0));
	CHECK(feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_NAME, 0));
	CHECK(!feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_NAME, 1));
	/* A mark without its id, and one that is cut within its header. */
	CHECK(feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_MARK, 0));
	CHECK(feed_length(lw_decode_watermark, LATWATCH_A_WATERMARK_MARK, 3));
	/* One that is not known may be as long as it likes. */
	CHECK(!feed_length(lw_decode_watermark, 99, 3));
}

/* Cut at each byte, a message must be refused or lack something at its end. */
static void test_truncation(void)
{
	static struct tape whole;
	const struct nlmsghdr *nlh;
	uint32_t len, refused = 0;

	whole.len = 0;
	fixture_watermarks(fixture_find("normal"), FIXTURE_ALL, 0, &whole);
	nlh = (const void *)whole.data;
	nlh = (const void *)(whole.data + MNL_ALIGN(nlh->nlmsg_len));
	for (len = MNL_NLMSG_HDRLEN; len < nlh->nlmsg_len; len++) {
		struct nlmsghdr *cut = malloc(len);
		struct lw_report report = { 0 };

		/* In memory of its own: a byte more would be found out. */
		memcpy(cut, nlh, len);
		cut->nlmsg_len = len;
		refused += !!lw_decode_watermark(cut, &report);
		CHECK(report.nr_watermarks <= 1);
		lw_report_clear(&report);
		free(cut);
	}
	/* What ends between two attributes is a message, if a short one. */
	CHECK(refused > nlh->nlmsg_len / 2);
}

static void test_lying_length(void)
{
	struct lw_report report = { 0 };
	struct nlmsghdr *nlh = BEGIN(LATWATCH_CMD_VM_GET);
	struct nlattr *attr;

	mnl_attr_put_u32(nlh, LATWATCH_A_VM_ID, 1);
	attr = mnl_nlmsg_get_payload_tail(nlh);
	mnl_attr_put_strz(nlh, LATWATCH_A_VM_COMM, "qemu");
	attr->nla_len = 200;
	tape_end(&tape, nlh);
	CHECK(feed(lw_decode_vm, &report) == -EBADMSG);
	attr->nla_len = 2;
	CHECK(feed(lw_decode_vm, &report) == -EBADMSG);
	CHECK(!report.nr_vms);
	lw_report_clear(&report);
}

static void test_walk(void)
{
	struct nlmsghdr *nlh = BEGIN(0);
	size_t at = 0;

	/* The last message of a datagram need not be padded. */
	nlh->nlmsg_len = 21;
	CHECK(lw_nl_next(tape.data, 21, &at) == nlh && at == 21);
	CHECK(!lw_nl_next(tape.data, 21, &at));
	at = 0;
	CHECK(!lw_nl_next(tape.data, 20, &at));
	nlh->nlmsg_len = 15;
	CHECK(!lw_nl_next(tape.data, 64, &at));
	/* Negative, if it were an int. */
	nlh->nlmsg_len = UINT32_MAX - 15;
	CHECK(!lw_nl_next(tape.data, 64, &at));
	CHECK(!at);
}

static void test_unterminated_string(void)
{
	struct lw_report report = { 0 };
	struct nlmsghdr *nlh = BEGIN(LATWATCH_CMD_VM_GET);

	mnl_attr_put_u32(nlh, LATWATCH_A_VM_ID, 1);
	mnl_attr_put(nlh, LATWATCH_A_VM_COMM, 4, "qemu");
	mnl_attr_put_strz(nlh, LATWATCH_A_VM_COMM, "again");
	tape_end(&tape, nlh);
	CHECK(!feed(lw_decode_vm, &report));
	CHECK(!strcmp(report.vms[0].comm, "again"));
	lw_report_clear(&report);
}

static void test_error(void)
{
	const struct nlmsghdr *nlh = (const void *)tape.data;
	char text[64];

	tape.len = 0;
	tape_error(&tape, -EINVAL, "the reason");
	CHECK(lw_nl_parse_error(nlh, text, sizeof(text)) == -EINVAL);
	CHECK(!strcmp(text, "the reason"));
	/* A text that does not fit is cut, not written past its end. */
	CHECK(lw_nl_parse_error(nlh, text, 4) == -EINVAL);
	CHECK(!strcmp(text, "the"));
	tape.len = 0;
	tape_error(&tape, -EPERM, NULL);
	CHECK(lw_nl_parse_error(nlh, text, sizeof(text)) == -EPERM);
	CHECK(!text[0]);
	tape.len = 0;
	tape_error(&tape, 0, NULL);
	CHECK(!lw_nl_parse_error(nlh, text, sizeof(text)));
}

/* Not capped: the request stands between the code and the text. */
static void test_error_with_request(void)
{
	struct nlmsghdr *nlh;
	struct nlmsgerr *body;
	char text[64];

	nlh = mnl_nlmsg_put_header(tape.data);
	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_flags = NLM_F_ACK_TLVS;
	body = mnl_nlmsg_put_extra_header(nlh, sizeof(*body));
	body->error = -EINVAL;
	body->msg.nlmsg_len = sizeof(body->msg) + GENL_HDRLEN;
	mnl_nlmsg_put_extra_header(nlh, GENL_HDRLEN);
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "the reason");
	CHECK(lw_nl_parse_error(nlh, text, sizeof(text)) == -EINVAL);
	CHECK(!strcmp(text, "the reason"));
	/* A request that claims to be longer than the message that holds it. */
	body->msg.nlmsg_len = UINT32_MAX;
	CHECK(lw_nl_parse_error(nlh, text, sizeof(text)) == -EINVAL);
	CHECK(!text[0]);
	nlh->nlmsg_len = MNL_NLMSG_HDRLEN + 3;
	CHECK(lw_nl_parse_error(nlh, text, sizeof(text)) == -EBADMSG);
}

static void test_done(void)
{
	struct nlmsghdr *nlh;
	char text[64];
	int *code;

	nlh = mnl_nlmsg_put_header(tape.data);
	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_flags = NLM_F_MULTI | NLM_F_ACK_TLVS;
	code = mnl_nlmsg_put_extra_header(nlh, sizeof(*code));
	*code = -EAGAIN;
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "no room");
	CHECK(lw_nl_parse_error(nlh, text, sizeof(text)) == -EAGAIN);
	CHECK(!strcmp(text, "no room"));
	*code = 0;
	CHECK(!lw_nl_parse_error(nlh, text, sizeof(text)));
}

/* What does not fit in one message follows in others, and those begin with one that counts. */
static void test_rankings(void)
{
	struct lw_report report = { 0 };
	const struct lw_report_ranking *ranking;
	const struct nlmsghdr *nlh;
	size_t at = 0;

	tape.len = 0;
	fixture_rankings(fixture_find("paths"), FIXTURE_ALL, 0, &tape);
	CHECK(!feed(lw_decode_ranking, &report));
	CHECK(report.nr_rankings == 2);
	ranking = lw_report_find_ranking(&report, (struct lw_value){ 1, true },
					 LATWATCH_STAGE_BACKEND_WAKE);
	CHECK(ranking && ranking->nr_culprits == 4);
	CHECK(ranking && ranking->flights.v == 9640);
	CHECK(ranking && ranking->culprits[2].flights.v == 1203);
	CHECK(!lw_report_find_ranking(&report, (struct lw_value){ 0 },
				      LATWATCH_STAGE_BACKEND_WAKE));
	/* The same again, as of a dump that was resumed, is not added. */
	CHECK(!feed(lw_decode_ranking, &report));
	CHECK(report.nr_rankings == 2 && report.rankings[0].nr_culprits == 4);
	lw_report_clear(&report);
	/* The second message alone. */
	lw_nl_next(tape.data, tape.len, &at);
	nlh = lw_nl_next(tape.data, tape.len, &at);
	CHECK(nlh && lw_decode_ranking(nlh, &report) == -EBADMSG);
	CHECK(!report.nr_rankings);
	lw_report_clear(&report);
}

static const struct ktap_test tests[] = {
	{ "info", test_info },
	{ "a kprobe is told from a tracepoint", test_kprobes },
	{ "an empty info has no figures", test_absent },
	{ "stages with continued histogram", test_stages },
	{ "uint in 4 and in 8 bytes", test_widths },
	{ "paths, known and not", test_paths },
	{ "stages by place, not by number", test_places },
	{ "marks in the order of the way", test_mark_order },
	{ "buckets out of order are refused", test_bucket_order },
	{ "a continuation of nothing is refused", test_orphan_continuation },
	{ "watermarks", test_watermarks },
	{ "rankings", test_rankings },
	{ "negative priority", test_negative_prio },
	{ "VMs, CPUs, ledger", test_vms_cpus_ledger },
	{ "lengths", test_lengths },
	{ "a message cut at each byte", test_truncation },
	{ "an attribute that lies about its length", test_lying_length },
	{ "a walk over a datagram", test_walk },
	{ "a string without its end, and twice", test_unterminated_string },
	{ "error with and without text", test_error },
	{ "error with the request in it", test_error_with_request },
	{ "error at the end of a dump", test_done },
};

int main(void)
{
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
