/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_DECODE_H
#define LW_DECODE_H

#include "model.h"

struct nlmsghdr;

/**
 * typedef lw_decoder - reads one message into a report
 * @nlh: a message of the family, of length nlmsg_len
 * @report: where its object is added to
 *
 * Return: 0, -EBADMSG for a message that is garbled or lacks what it must
 * have, or -ENOMEM.  The report is whole in either case.
 */
typedef int lw_decoder(const struct nlmsghdr *nlh, struct lw_report *report);

lw_decoder lw_decode_info;
lw_decoder lw_decode_stage;
lw_decoder lw_decode_watermark;
lw_decoder lw_decode_vm;
lw_decoder lw_decode_cpu;
lw_decoder lw_decode_ledger;
lw_decoder lw_decode_ranking;
lw_decoder lw_decode_cost;
lw_decoder lw_decode_setting;
lw_decoder lw_decode_budget;
lw_decoder lw_decode_window;

#endif
