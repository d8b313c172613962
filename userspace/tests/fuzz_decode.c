// SPDX-License-Identifier: GPL-2.0
/*
 * Anything at all into the decoders, and what comes out of them into all views:
 * no input may crash, leak or be read past its end.
 *
 * Input: datagrams as they come from a socket.  The low bits of a message's
 * type choose who gets it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "decode.h"
#include "nl.h"
#include "view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static lw_decoder *const decoders[] = {
	lw_decode_info, lw_decode_stage, lw_decode_watermark, lw_decode_vm,
	lw_decode_cpu, lw_decode_ledger, lw_decode_cost, lw_decode_setting,
	NULL, lw_decode_ranking,
};

static lw_view *const views[] = {
	lw_view_page, lw_view_json, lw_view_csv, lw_view_vms, lw_view_cpus,
	lw_view_cost, lw_view_ledger, lw_view_histogram, lw_view_why, lw_view_why_csv,
	lw_view_story, lw_view_worst_csv,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[64];
	struct lw_view_options options = {
		.stage = "tap dwell",
		.error = error,
		.error_size = sizeof(error),
	};
	struct lw_report report = { 0 };
	const struct nlmsghdr *nlh;
	void *copy;
	char extack[32], *text = NULL;
	size_t room, at = 0, i;
	FILE *out;

	/* Aligned, and with the sanitizer's guard right behind it. */
	copy = malloc(size ? size : 1);
	memcpy(copy, data, size);
	while ((nlh = lw_nl_next(copy, size, &at))) {
		unsigned int which = nlh->nlmsg_type % 16;

		if (which < sizeof(decoders) / sizeof(decoders[0]) && decoders[which])
			decoders[which](nlh, &report);
		else
			lw_nl_parse_error(nlh, extack, sizeof(extack));
	}
	free(copy);
	if (lw_report_settle(&report))
		abort();
	out = open_memstream(&text, &room);
	for (i = 0; out && i < sizeof(views) / sizeof(views[0]); i++)
		views[i](&report, &options, out);
	options.stage = "stack";
	if (out && lw_view_histogram(&report, &options, out)) {
		options.stage = "tx/stack";
		lw_view_histogram(&report, &options, out);
	}
	if (out)
		fclose(out);
	free(text);
	lw_report_clear(&report);
	return 0;
}
