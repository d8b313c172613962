// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: the probes' own cost. See netlink.h. */
#include <linux/cpumask.h>

#include "probe/attach.h"
#include "probe/cost.h"
#include "netlink/netlink.h"

static int cost_fill(struct sk_buff *skb, const struct lw_attached *a,
		     u32 cpu, const struct lw_cost *cost, u64 since)
{
	if (nla_put_string(skb, LATWATCH_A_COST_PROBE, a->tracepoint) ||
	    nla_put_u32(skb, LATWATCH_A_COST_CPU, cpu) ||
	    nla_put_u32(skb, LATWATCH_A_COST_KIND, a->kind) ||
	    lw_put_uint(skb, LATWATCH_A_COST_CALLS, cost->calls) ||
	    lw_put_uint(skb, LATWATCH_A_COST_TOTAL, cost->total_ns) ||
	    lw_put_uint(skb, LATWATCH_A_COST_WORST, cost->worst_ns) ||
	    lw_put_uint(skb, LATWATCH_A_COST_SINCE, since))
		return -EMSGSIZE;
	return 0;
}

static int cost_put(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct lw_attached *a, unsigned int probe,
		    unsigned int cpu, u64 since)
{
	struct lw_cost cost;
	void *hdr;
	int err;

	lw_cost_read(cpu, probe, &cost);
	if (!cost.calls)
		return 0;
	hdr = lw_dump_put(skb, cb, LATWATCH_CMD_COST_GET);
	err = hdr ? cost_fill(skb, a, cpu, &cost, since) : -EMSGSIZE;
	if (!err)
		genlmsg_end(skb, hdr);
	else if (hdr)
		genlmsg_cancel(skb, hdr);
	return err;
}

/**
 * lw_cost_dump() - dump what the probes took
 * @skb: takes messages
 * @cb: the dump; its arguments are the probe and the CPU to go on with
 *
 * Return: bytes used; 0 at the end; or a negative error.
 */
int lw_cost_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct lw_attached a;
	int err = 0;
	u64 since;

	lw_cost_is_on(&since);
	/* begun anew meanwhile, the rest would not fit to what was dumped */
	cb->seq = (u32)(since >> 10) | 1;
	for (; lw_attached_get(cb->args[0], &a); cb->args[0]++) {
		for (; cb->args[1] < nr_cpu_ids; cb->args[1]++) {
			if (!cpu_possible(cb->args[1]))
				continue;
			err = cost_put(skb, cb, &a, cb->args[0], cb->args[1],
				       since);
			if (err)
				return skb->len ?: err;
		}
		cb->args[1] = 0;
	}
	return skb->len;
}
