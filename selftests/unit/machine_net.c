// SPDX-License-Identifier: GPL-2.0
/* The fake machine's network: packets, NICs, taps and XDP. See machine.h. */
#include <stdlib.h>

#include "machine.h"
#include "machine_inside.h"

static _Alignas(64) char nic[64], napis[M_NAPIS][64];

void m_skb_init(struct m_skb *p)
{
	p->head = p->skb + 2;
	p->dev = NULL;
	p->segments = 1;
	p->iif = 0;
	p->arp = false;
	p->gso = false;
	p->broadcast = false;
	p->packet_socket = false;
}

/* a device's queue; of each virtual device the same */
static const void *txq(int tap)
{
	static _Alignas(64) char devices[M_TAPS + 2][64];

	return lw_txq(devices[tap + 2], 1);
}

void m_stack(unsigned int cpu, const struct m_skb *p)
{
	struct lw_event ev = m_enter(cpu);

	lw_stack(&ev, p->skb, p->head, LW_NIC);
}

void m_gro(unsigned int cpu, const struct m_skb *p, bool merged)
{
	struct lw_event ev = m_enter(cpu);

	lw_steer_begin(&ev, p->skb);
	if (merged)
		lw_steer_merged(&ev);
}

void m_stack_steered(unsigned int cpu, const struct m_skb *p)
{
	struct lw_event ev = m_enter(cpu);

	lw_steer_end(&ev, p->skb);
	lw_stack(&ev, p->skb, p->head, LW_NIC);
}

/* as device() in probe_net.c */
static int device(int tap)
{
	return tap < 0 ? tap : lw_tap_find(m_taps[tap]);
}

void m_stack_from(unsigned int cpu, const struct m_skb *p, int tap)
{
	struct lw_event ev = m_enter(cpu);

	lw_stack(&ev, p->skb, p->head, device(tap));
}

void m_queues_end(void)
{
	struct lw_event ev = m_enter(0);
	int tap;

	for (tap = M_VIRTUAL; tap < M_TAPS; tap++)
		lw_skb_cut_end(&ev, txq(tap));
}

static void receive(unsigned int cpu, struct m_skb *p, int dev, int from, u32 tag)
{
	struct lw_event ev = m_enter(cpu);
	bool in_use = from >= 0 && lw_table_find(&lw_skb_table, p->skb) >= 0;

	ev.kin = LW_KIN(dev, p->arp) | tag;
	ev.source = p->iif;
	if (p->iif || from == M_VIRTUAL || in_use)
		lw_stack_again(&ev, p->skb, p->head, device(from));
	else
		lw_stack(&ev, p->skb, p->head, device(from));
	p->iif = dev;
}

void m_receive(unsigned int cpu, struct m_skb *p, int dev, int from)
{
	receive(cpu, p, dev, from, 0);
}

void m_receive_tagged(unsigned int cpu, struct m_skb *p, int dev)
{
	receive(cpu, p, dev, M_NIC, LW_KIN_TAGGED);
}

void m_steer_from_guest(unsigned int cpu, const struct m_skb *p, int dev, int tap)
{
	struct lw_event ev = m_enter(cpu);

	ev.kin = LW_KIN(dev, p->arp);
	lw_steer_from_guest(&ev, p->skb, p->head, device(tap));
}

static bool is_macvtap(int tap)
{
	return tap >= 0 && lw_tap(device(tap))->kind == LW_TAP_MACVTAP;
}

/* as leave_by_macvtap() in probe_net.c */
static void leave_by_macvtap(struct lw_event *ev, const struct m_skb *p, int tap)
{
	lw_stack(ev, p->skb, p->head, device(tap));
	lw_park(ev, p->skb, p->head);
	if (p->broadcast)
		lw_clone(ev, p->head);
}

void m_queue(unsigned int cpu, const struct m_skb *p, int tap)
{
	struct lw_event ev = m_enter(cpu);

	ev.kin = LW_KIN(p->iif, p->arp);
	ev.packet_socket = p->packet_socket;
	ev.txq = p->gso ? txq(tap) : NULL;
	if (tap == M_VIRTUAL) {
		lw_park(&ev, p->skb, p->head);
		return;
	}
	if (is_macvtap(tap)) {
		leave_by_macvtap(&ev, p, tap);
		return;
	}
	lw_queue(&ev, p->skb, p->head, device(tap), p->segments);
}

void m_xmit(unsigned int cpu, const struct m_skb *p, int tap)
{
	struct lw_event ev = m_enter(cpu);

	ev.kin = LW_KIN(p->iif, p->arp);
	ev.txq = txq(tap);
	if (tap == M_VIRTUAL) {
		lw_park_segment(&ev, p->skb);
		return;
	}
	lw_xmit_begin(&ev, p->skb, p->head, device(tap), p->segments);
}

void m_xmit_done(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_xmit_end(&ev, NULL, device(0));
}

void m_nic_done(unsigned int cpu, const struct m_skb *p)
{
	struct lw_event ev = m_enter(cpu);

	lw_xmit_end(&ev, p->skb, LW_NIC);
}

void m_consume(unsigned int cpu, const struct m_skb *p)
{
	struct lw_event ev = m_enter(cpu);

	ev.dev = p->dev;
	ev.source = 1;
	lw_consumed(&ev, p->skb, p->head);
}

void m_drop(unsigned int cpu, const struct m_skb *p, unsigned int reason)
{
	struct lw_event ev = m_enter(cpu);

	ev.dev = p->dev;
	lw_dropped(&ev, p->skb, reason);
}

const void *m_napi(unsigned int n)
{
	return napis[n];
}

void m_ring(u32 slots)
{
	int slot = lw_table_claim(&lw_nic_table, nic);

	if (slot < 0)
		abort();
	((u32 *)lw_nic_table.entries)[slot] = slots;
	lw_table_publish(&lw_nic_table, slot, nic);
}

/* as probe_napi_poll(), of a NIC's */
void m_poll(unsigned int cpu, const struct lw_poll *poll)
{
	struct lw_event ev = m_enter(cpu);
	struct lw_poll p = *poll;

	p.dev = nic;
	lw_polled(&ev, &p);
}

/* the same, of none */
void m_polled_virtual(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_polled_virtual(&ev);
}

void m_polled(unsigned int cpu, int work, int budget)
{
	m_poll(cpu, &(struct lw_poll){ m_napi(0), .work = work, .budget = budget });
}

void m_copied(unsigned int cpu, const struct m_skb *p)
{
	struct lw_event ev = m_enter(cpu);

	ev.source = 1;
	lw_copied(&ev, p->skb, p->head);
}

int m_tap_source(int tap)
{
	return lw_tap(device(tap))->source;
}

void m_macvtap(void)
{
	lw_tap(device(M_LOWER))->kind = LW_TAP_LOWER;
	lw_tap(device(M_MACVTAP))->kind = LW_TAP_MACVTAP;
}

/* as probe_netif_receive_skb() in probe_net.c */
void m_stack_lower(unsigned int cpu, const struct m_skb *p)
{
	struct lw_event ev = m_enter(cpu);

	ev.kin = LW_KIN(1, p->arp);
	ev.source = p->iif;
	lw_stack_again(&ev, p->skb, p->head, LW_NIC);
	lw_candidate(&ev, p->skb, device(M_LOWER), p->segments);
	if (p->broadcast)
		lw_clone(&ev, p->head);
}

void m_stack_macvtap(unsigned int cpu, const struct m_skb *p)
{
	struct lw_event ev = m_enter(cpu);

	ev.kin = LW_KIN(2, p->arp);
	ev.source = p->iif;
	if (p->broadcast)
		lw_stack_clone(&ev, p->skb, p->head, LW_NIC);
	else
		lw_stack_again(&ev, p->skb, p->head, LW_NIC);
	lw_candidate(&ev, p->skb, device(M_MACVTAP), p->segments);
}

void m_for_macvtap(struct m_skb *p)
{
	p->dev = m_taps[M_MACVTAP];
}

void m_forward(unsigned int cpu, const struct m_skb *p, int tap)
{
	m_stack(cpu, p);
	m_queue(cpu, p, tap);
	m_xmit(cpu, p, tap);
	m_xmit_done(cpu);
}

void m_xdp_enqueue(unsigned int cpu, const struct m_skb *p, int tap, int from)
{
	struct lw_event ev = m_enter(cpu);

	/* as enqueue() in probe_xdp.c: other devices are not watched */
	if (device(tap) < 0)
		return;
	ev.dev = m_taps[tap];
	lw_xdp_enqueue(&ev, p->skb, device(tap), device(from));
}

void m_xdp_redirected(unsigned int cpu, enum lw_xdp_target target)
{
	struct lw_event ev = m_enter(cpu);

	lw_xdp_redirected(&ev, target);
}

void m_xdp_refused(unsigned int cpu, enum lw_xdp_target target)
{
	struct lw_event ev = m_enter(cpu);

	lw_xdp_refused(&ev, target);
}

void m_xdp_xmit(unsigned int cpu, unsigned int sent, unsigned int drops)
{
	struct lw_event ev = m_enter(cpu);

	lw_xdp_xmit(&ev, sent, drops);
}

void m_xdp_return(unsigned int cpu, const struct m_skb *p)
{
	struct lw_event ev = m_enter(cpu);

	lw_xdp_returned(&ev, p->skb);
}

void m_xdp_drop(unsigned int cpu, const struct m_skb *p)
{
	struct lw_event ev = m_enter(cpu);

	lw_xdp_dropped(&ev, p->skb);
}

void m_xdp_generic_tx(unsigned int cpu, const struct m_skb *p, int tap)
{
	struct lw_event ev = m_enter(cpu);

	if (device(tap) >= 0)
		lw_xdp_generic_tx(&ev, p->skb, p->head, device(tap),
				  p->segments);
}

void m_xdp_generic_socket(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_xdp_generic_socket(&ev);
}

/* as probe_napi_poll() */
void m_poll_end(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_xdp_poll_end(&ev);
}

/* as remove() in tap.c */
void m_tap_gone(int tap)
{
	int slot = lw_tap_find(m_taps[tap]);

	if (slot >= 0 && lw_table_take(&lw_tap_table, slot, m_taps[tap]))
		lw_table_free(&lw_tap_table, slot);
}
