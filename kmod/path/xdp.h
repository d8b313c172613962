/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of what XDP redirects, past the stack.
 *
 * A driver's XDP program runs before there is an skb. A frame that it redirects
 * to a tap is told by its own address, from there to where the backend gives
 * it back, and kept in the table of packets meanwhile. That needs kprobes: the
 * kernel's tracepoints tell how many, but not which, and which backend takes
 * from which ring of a tap is not known either.
 *
 * A generic XDP program runs in the stack, with an skb: what it redirects is
 * handed to the tap like any packet, only without the tracepoints of that.
 */
#ifndef LW_XDP_H
#define LW_XDP_H

#include "engine/event.h"
#include "engine/task.h"

/* where XDP redirects a packet to */
enum lw_xdp_target {
	LW_XDP_DEVICE,
	LW_XDP_COPIES,	/* frames for several devices, of unknown addresses */
	LW_XDP_SOCKET,	/* of AF_XDP */
	LW_XDP_CPU,
};

/* whom a poll that redirects wakes */
enum lw_xdp_woken {
	LW_XDP_NOBODY,	/* of those that XDP knows */
	LW_XDP_BACKEND,
	LW_XDP_READER,
};

/* what a tap wakes its backend for, where it is several frames */
extern const char lw_xdp_frames;
#define LW_XDP_FRAMES	((const void *)&lw_xdp_frames)

void lw_xdp_enqueue(struct lw_event *ev, const void *frame, int tap, int from);
void lw_xdp_redirected(struct lw_event *ev, enum lw_xdp_target target);
void lw_xdp_refused(struct lw_event *ev, enum lw_xdp_target target);
void lw_xdp_xmit(struct lw_event *ev, unsigned int sent, unsigned int drops);
void lw_xdp_returned(struct lw_event *ev, const void *frame);
void lw_xdp_dropped(struct lw_event *ev, const void *frame);
void lw_xdp_generic_tx(struct lw_event *ev, const void *skb, const void *head,
		       int tap, unsigned int segments);
void lw_xdp_generic_socket(struct lw_event *ev);
enum lw_xdp_woken lw_xdp_wakes(struct lw_event *ev, const struct lw_task *s);
void lw_xdp_reader_run(struct lw_task *s, struct lw_event *ev,
		       const struct lw_wake *w, u64 now);
void lw_xdp_poll_end(struct lw_event *ev);

/* generic XDP's transmission has no end that is seen: the next event is it */
static inline void lw_xdp_generic_end(struct lw_event *ev)
{
	lw_ctx_drop(ev, LW_HOLDS_XMIT);
}

#endif
