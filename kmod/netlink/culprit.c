// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: a culprit. See netlink.h; stats.c has whose it is. */
#include "model/culprit.h"
#include "netlink/netlink.h"

/* is its number told? */
static bool has_id(u8 kind, u32 id)
{
	return kind == LATWATCH_CULPRIT_KIND_HARD_IRQ ||
	       kind == LATWATCH_CULPRIT_KIND_SOFTIRQ ||
	       kind == LATWATCH_CULPRIT_KIND_IPI ||
	       (kind == LATWATCH_CULPRIT_KIND_IDLE && id);
}

/* what a culprit is, the same in a flight and in sum */
static int put_who(struct sk_buff *skb, u8 kind, u32 id, s32 pid, const char *name,
		   u8 policy, s16 prio)
{
	char text[TASK_COMM_LEN + 1] = { };
	char function[64];

	memcpy(text, name, TASK_COMM_LEN);
	if (nla_put_u32(skb, LATWATCH_A_CULPRIT_KIND, kind) ||
	    (has_id(kind, id) && nla_put_u32(skb, LATWATCH_A_CULPRIT_ID, id)) ||
	    (text[0] && nla_put_string(skb, LATWATCH_A_CULPRIT_NAME, text)))
		return -EMSGSIZE;
	if (kind == LATWATCH_CULPRIT_KIND_IPI && pid) {
		/* of its address, only the lower half was kept */
		snprintf(function, sizeof(function), "%ps", (void *)(long)pid);
		return nla_put_string(skb, LATWATCH_A_CULPRIT_FUNCTION, function);
	}
	if (kind == LATWATCH_CULPRIT_KIND_LOCK)
		pid = id;
	else if (kind != LATWATCH_CULPRIT_KIND_THREAD)
		return 0; /* of an interrupt, it is only whom it came upon */
	if (nla_put_u32(skb, LATWATCH_A_CULPRIT_PID, pid) ||
	    nla_put_u32(skb, LATWATCH_A_CULPRIT_POLICY, policy) ||
	    nla_put_s32(skb, LATWATCH_A_CULPRIT_PRIO, prio))
		return -EMSGSIZE;
	return 0;
}

/**
 * lw_put_culprit() - add a culprit of one flight to a message
 * @skb: the message
 * @type: the attribute
 * @c: the culprit
 *
 * Return: 0 or -EMSGSIZE, and the attribute is not there.
 */
int lw_put_culprit(struct sk_buff *skb, int type, const struct lw_culprit *c)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (put_who(skb, c->kind, c->id, c->pid, c->name, c->policy, c->prio) ||
	    lw_put_uint(skb, LATWATCH_A_CULPRIT_TIME, c->ns) ||
	    nla_put_u32(skb, LATWATCH_A_CULPRIT_CPU, c->cpu) ||
	    nla_put_u32(skb, LATWATCH_A_CULPRIT_MARK, c->mark)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_sums(struct sk_buff *skb, const struct lw_rank *k)
{
	return lw_put_uint(skb, LATWATCH_A_CULPRIT_FLIGHTS, k->flights) ?:
	       lw_put_uint(skb, LATWATCH_A_CULPRIT_WORST, k->worst_ns);
}

/**
 * lw_put_rank() - add a culprit in sum over flights to a message
 * @skb: the message
 * @type: the attribute
 * @k: the culprit
 *
 * Return: 0 or -EMSGSIZE, and the attribute is not there.
 */
int lw_put_rank(struct sk_buff *skb, int type, const struct lw_rank *k)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (put_who(skb, k->kind, k->id, k->pid, k->name, k->policy, k->prio) ||
	    lw_put_uint(skb, LATWATCH_A_CULPRIT_TIME, k->ns) || put_sums(skb, k)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * lw_put_others() - add those that there was no room for to a message
 * @skb: the message
 * @type: the attribute
 * @ns: how long they took, together
 * @sums: their sums, or NULL: they are of one flight
 *
 * Return: 0 or -EMSGSIZE, and the attribute is not there.
 */
int lw_put_others(struct sk_buff *skb, int type, u64 ns, const struct lw_rank *sums)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, LATWATCH_A_CULPRIT_KIND, LATWATCH_CULPRIT_KIND_OTHERS) ||
	    lw_put_uint(skb, LATWATCH_A_CULPRIT_TIME, ns) ||
	    (sums && put_sums(skb, sums))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}
