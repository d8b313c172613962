// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: settings. See netlink.h. */
#include "culprit/trail.h"
#include "probe/attach.h"
#include "probe/cost.h"
#include "measure.h"
#include "netlink/netlink.h"
#include "books/reclaim.h"

/* the settings as they are now, in a reply that was begun */
static int reply(struct genl_info *info, struct sk_buff *skb, void *hdr)
{
	bool measuring;
	u64 since;
	int err;

	mutex_lock(&lw_books_lock);
	measuring = lw_measuring();
	mutex_unlock(&lw_books_lock);
	err = nla_put_u8(skb, LATWATCH_A_SETTING_SELF_COST,
			 lw_cost_is_on(&since)) ?:
	      nla_put_u8(skb, LATWATCH_A_SETTING_MEASURE, measuring) ?:
	      nla_put_u8(skb, LATWATCH_A_SETTING_CULPRITS, lw_trail_is_on());
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

int lw_setting_get(struct sk_buff *request, struct genl_info *info)
{
	void *hdr;
	struct sk_buff *skb = lw_reply_new(info, NLMSG_GOODSIZE, &hdr);

	return skb ? reply(info, skb, hdr) : -ENOMEM;
}

static void look_for_culprits(bool on)
{
	mutex_lock(&lw_books_lock);
	if (on && !lw_trail_is_on())
		lw_trail_begin();
	else if (!on && lw_trail_is_on())
		lw_trail_end(lw_probes_wait);
	mutex_unlock(&lw_books_lock);
}

int lw_setting_set(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *self_cost = info->attrs[LATWATCH_A_SETTING_SELF_COST];
	struct nlattr *measure = info->attrs[LATWATCH_A_SETTING_MEASURE];
	struct nlattr *culprits = info->attrs[LATWATCH_A_SETTING_CULPRITS];
	struct sk_buff *skb;
	int err = 0;
	void *hdr;

	/* what can fail comes first: nothing is half switched */
	skb = lw_reply_new(info, NLMSG_GOODSIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	if (measure) {
		mutex_lock(&lw_books_lock);
		err = lw_measure_set(nla_get_u8(measure));
		mutex_unlock(&lw_books_lock);
	}
	if (err == -ENOMEM)
		NL_SET_ERR_MSG_ATTR(info->extack, measure,
				    "no memory; it stays off");
	else if (err)
		NL_SET_ERR_MSG_ATTR(info->extack, measure,
				    "cannot attach, the kernel's log says to what; it stays off");
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	if (self_cost)
		lw_cost_set(nla_get_u8(self_cost));
	if (culprits)
		look_for_culprits(nla_get_u8(culprits));
	return reply(info, skb, hdr);
}
