/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family: takes from the books and tables, gives to user
 * space. Described by Documentation/netlink/specs/latwatch.yaml.
 *
 *	family.c		the family; info, VMs, ledger, reset
 *	stats.c		stages, watermarks, rankings, windows, CPUs
 *	culprit.c	a culprit, of a watermark or a ranking
 *	setting.c	settings
 *	cost.c		the probes' own cost
 *	budget.c	limits, and telling what broke them
 */
#ifndef LW_NETLINK_H
#define LW_NETLINK_H

#include "compat/genetlink.h"
#include "engine/vm.h"

struct lw_culprit;
struct lw_rank;

extern struct genl_family lw_genl_family;

/* multicast groups, by place in the family */
enum {
	LW_GROUP_EVENTS,
};

int lw_netlink_init(void);
void lw_netlink_exit(void);

/* begin a message of a dump; NULL: no room */
void *lw_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);
/* begin a reply to a request; NULL: no memory */
struct sk_buff *lw_reply_new(struct genl_info *info, size_t size, void **hdr);
struct lw_vm *lw_vm_by_id(u32 id);
u32 lw_generation(void);

/* stats.c */
int lw_put_account(struct sk_buff *skb, int type, unsigned int account);
int lw_put_flight(struct sk_buff *skb, const struct lw_flight *f);
int lw_stats_start(struct netlink_callback *cb);
int lw_stats_done(struct netlink_callback *cb);
int lw_stage_dump(struct sk_buff *skb, struct netlink_callback *cb);
int lw_watermark_dump(struct sk_buff *skb, struct netlink_callback *cb);
int lw_window_dump(struct sk_buff *skb, struct netlink_callback *cb);
int lw_ranking_dump(struct sk_buff *skb, struct netlink_callback *cb);
int lw_cpu_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* culprit.c */
int lw_put_culprit(struct sk_buff *skb, int type, const struct lw_culprit *c);
int lw_put_rank(struct sk_buff *skb, int type, const struct lw_rank *k);
int lw_put_others(struct sk_buff *skb, int type, u64 ns, const struct lw_rank *sums);

/* setting.c */
int lw_setting_get(struct sk_buff *request, struct genl_info *info);
int lw_setting_set(struct sk_buff *request, struct genl_info *info);

/* cost.c */
int lw_cost_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* budget.c */
int lw_breaches_init(void);
void lw_breaches_exit(void);
int lw_budget_set(struct sk_buff *request, struct genl_info *info);
int lw_budget_show(struct sk_buff *request, struct genl_info *info);
extern const struct nla_policy lw_budget_policy[LATWATCH_A_BUDGET_BOUND + 1];

#endif
