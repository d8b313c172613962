/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets of stages, a bit each by id: what is blind without a probe.
 *
 * A set is a list of stages: ids have no order, and what comes later has a high
 * one, wherever it belongs.
 */
#ifndef LW_BLIND_H
#define LW_BLIND_H

#include <linux/bits.h>
#include <linux/build_bug.h>

#include "model/stage.h"

static_assert(LW_NSTAGES <= 64, "more stages than a set has bits");

#define LW_BLIND(stage)		BIT_ULL(LATWATCH_STAGE_##stage)

#define LW_BLIND_DELIVERY \
	(LW_BLIND(PENDING) | \
	 LW_BLIND(END_TO_END_PROCESS) | \
	 LW_BLIND(ENTRY) | \
	 LW_BLIND(KICK) | \
	 LW_BLIND(END_TO_END) | \
	 LW_BLIND(END_TO_END_LOCAL) | \
	 LW_BLIND(END_TO_END_VM))

/* without these there is no flight at all */
#define LW_BLIND_VM \
	(LW_BLIND(NAPI) | \
	 LW_BLIND(STEERING) | \
	 LW_BLIND(STACK) | \
	 LW_BLIND(PARKED) | \
	 LW_BLIND(QDISC) | \
	 LW_BLIND(LOCAL_QUEUE) | \
	 LW_BLIND(SOCKET) | \
	 LW_BLIND(XDP) | \
	 LW_BLIND(TO_PROCESS) | \
	 LW_BLIND(PROCESS_WAKE) | \
	 LW_BLIND(PROCESS) | \
	 LW_BLIND(TAP_DWELL) | \
	 LW_BLIND(BEFORE_POLL) | \
	 LW_BLIND(BACKEND_WAKE) | \
	 LW_BLIND(BACKEND_SERVICE) | \
	 LW_BLIND(SIGNAL) | \
	 LW_BLIND(VCPU_WAKE) | \
	 LW_BLIND_DELIVERY)

/* what leaves by a NIC: out of a guest, and from this host */
#define LW_BLIND_NIC \
	(LW_BLIND(GUEST_EXIT) | \
	 LW_BLIND(KICK_WAKE) | \
	 LW_BLIND(TX_SERVICE) | \
	 LW_BLIND(TX_STACK) | \
	 LW_BLIND(TX_PARKED) | \
	 LW_BLIND(TX_QDISC) | \
	 LW_BLIND(TX_END_TO_END) | \
	 LW_BLIND(TX_DRIVER) | \
	 LW_BLIND(TX_COMPLETION) | \
	 LW_BLIND(LOCAL_QDISC) | \
	 LW_BLIND(LOCAL_DRIVER) | \
	 LW_BLIND(LOCAL_COMPLETION))

#endif
