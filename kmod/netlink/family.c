// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: info, VMs, ledger, reset. See netlink.h. */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/utsname.h>

#include "probe/attach.h"
#include "engine/batch.h"
#include "engine/clock.h"
#include "compat/drop_reason.h"
#include "measure.h"
#include "netlink/netlink.h"
#include "books/pool.h"
#include "books/reclaim.h"
#include "engine/skb.h"
#include "engine/tap.h"
#include "engine/task.h"

/**
 * lw_generation() - what a dump must not see change
 *
 * Context: holds lw_books_lock.
 * Return: a number that differs after a reset and when VMs came or went.
 */
u32 lw_generation(void)
{
	/* 0 would tell netlink that nobody counts */
	return lw_books->epoch + atomic_read(&lw_vm_generation) + 1;
}

/**
 * lw_dump_put() - begin a message of a dump
 * @skb: where
 * @cb: the dump
 * @cmd: which command's reply
 *
 * Return: its header, or NULL when there is no room.
 */
void *lw_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &lw_genl_family,
				NLM_F_MULTI, cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

/**
 * lw_vm_by_id() - find a VM by the number that users know it by
 * @id: the number
 *
 * Context: holds lw_books_lock, without which it could be swept.
 * Return: the VM, gone or not, or NULL.
 */
struct lw_vm *lw_vm_by_id(u32 id)
{
	unsigned int i;

	for (i = 0; i < lw_vm_slots; i++)
		if (lw_vm_is_known(&lw_vms[i]) && lw_vms[i].id == id)
			return &lw_vms[i];
	return NULL;
}

/**
 * lw_reply_new() - begin a reply
 * @info: to what
 * @size: its room
 * @hdr: takes its header
 *
 * Return: the reply, or NULL when there is no memory.
 */
struct sk_buff *lw_reply_new(struct genl_info *info, size_t size, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(size, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put_reply(skb, info, &lw_genl_family, 0,
				 info->genlhdr->cmd);
	if (*hdr)
		return skb;
	nlmsg_free(skb);
	return NULL;
}

static int put_tracepoint(struct sk_buff *skb, const struct lw_attached *a)
{
	struct nlattr *nest = nla_nest_start(skb, LATWATCH_A_INFO_TRACEPOINT);

	if (!nest ||
	    nla_put_string(skb, LATWATCH_A_TRACEPOINT_NAME, a->tracepoint) ||
	    (a->attached &&
	     nla_put_flag(skb, LATWATCH_A_TRACEPOINT_ATTACHED)) ||
	    nla_put_string(skb, LATWATCH_A_TRACEPOINT_COST, a->cost) ||
	    nla_put_u32(skb, LATWATCH_A_TRACEPOINT_KIND, a->kind) ||
	    (a->checked &&
	     nla_put_u32(skb, LATWATCH_A_TRACEPOINT_PROTOTYPE, a->prototype)) ||
	    (a->kind == LATWATCH_PROBE_KIND_KPROBE && a->attached &&
	     lw_put_uint(skb, LATWATCH_A_TRACEPOINT_MISSED, a->missed)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_limit(struct sk_buff *skb, const char *name, u32 size, u32 used)
{
	struct nlattr *nest = nla_nest_start(skb, LATWATCH_A_INFO_LIMIT);

	if (!nest || nla_put_string(skb, LATWATCH_A_LIMIT_NAME, name) ||
	    nla_put_u32(skb, LATWATCH_A_LIMIT_SIZE, size) ||
	    nla_put_u32(skb, LATWATCH_A_LIMIT_USED, used))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_table(struct sk_buff *skb, const char *name,
		     const struct lw_table *t)
{
	return put_limit(skb, name, t->size, atomic_read(&t->used));
}

/* the marks by name, in the order of the way */
static int put_marks(struct sk_buff *skb)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < LW_NMARKS; i++) {
		nest = nla_nest_start(skb, LATWATCH_A_INFO_MARK);
		if (!nest ||
		    nla_put_u32(skb, LATWATCH_A_FLIGHT_MARK_ID, lw_mark_order[i]) ||
		    nla_put_string(skb, LATWATCH_A_FLIGHT_MARK_NAME,
				   lw_mark_names[lw_mark_order[i]]))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int info_fill(struct sk_buff *skb)
{
	struct lw_attached a;
	enum latwatch_signal_source source;
	unsigned int i;
	u64 memory = lw_books_bytes(lw_vm_slots) + lw_pool_bytes() +
		     lw_task_table.bytes +
		     lw_skb_table.bytes + lw_tap_table.bytes +
		     lw_batch_bytes() + lw_vm_bytes(lw_vm_slots);

	if (nla_put_string(skb, LATWATCH_A_INFO_VERSION,
			   THIS_MODULE->version) ||
	    nla_put_string(skb, LATWATCH_A_INFO_KERNEL,
			   init_utsname()->release) ||
	    (IS_ENABLED(CONFIG_PREEMPT_RT) &&
	     nla_put_flag(skb, LATWATCH_A_INFO_PREEMPT_RT)) ||
	    (!lw_measuring() && nla_put_flag(skb, LATWATCH_A_INFO_OFF)) ||
	    nla_put_string(skb, LATWATCH_A_INFO_CLOCK, LW_CLOCK_NAME) ||
	    nla_put_u32(skb, LATWATCH_A_INFO_EPOCH, lw_books->epoch) ||
	    lw_put_uint(skb, LATWATCH_A_INFO_SINCE, lw_books->since_ns) ||
	    lw_put_uint(skb, LATWATCH_A_INFO_SINCE_REAL,
			lw_books->since_real_ns) ||
	    lw_put_uint(skb, LATWATCH_A_INFO_NOW, lw_clock_ns()) ||
	    lw_put_uint(skb, LATWATCH_A_INFO_MEMORY, memory))
		return -EMSGSIZE;
	for (i = 0; lw_attached_get(i, &a); i++)
		if (put_tracepoint(skb, &a))
			return -EMSGSIZE;
	if (lw_attached_signal(&source) &&
	    nla_put_u32(skb, LATWATCH_A_INFO_SIGNAL_SOURCE, source))
		return -EMSGSIZE;
	return put_marks(skb) ?:
	       put_limit(skb, "max_vms", lw_vm_slots, lw_vm_used()) ?:
	       put_table(skb, "max_tasks", &lw_task_table) ?:
	       put_table(skb, "max_skbs", &lw_skb_table) ?:
	       put_table(skb, "max_taps", &lw_tap_table) ?:
	       put_limit(skb, "max_batches", lw_batch_size(), lw_batch_used());
}

static int info_get(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = lw_reply_new(info, 3 * NLMSG_GOODSIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	mutex_lock(&lw_books_lock);
	err = info_fill(skb);
	mutex_unlock(&lw_books_lock);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/* numbers of devices mean something in their own namespace only */
static int put_source(struct sk_buff *skb, const struct lw_tap *t)
{
	int source = READ_ONCE(t->source), err = 0;
	struct net_device *dev;

	if (!source || t->foreign)
		return 0;
	rcu_read_lock();
	dev = dev_get_by_index_rcu(&init_net, source);
	if (dev)
		err = nla_put_string(skb, LATWATCH_A_WAY_SOURCE, dev->name);
	rcu_read_unlock();
	return err;
}

static int put_way(struct sk_buff *skb, const struct lw_tap *t)
{
	struct nlattr *nest = nla_nest_start(skb, LATWATCH_A_VM_WAY);

	if (!nest || nla_put_string(skb, LATWATCH_A_WAY_TAP, t->name) ||
	    nla_put_string(skb, LATWATCH_A_WAY_KIND, t->kind_name) ||
	    (t->over[0] &&
	     nla_put_string(skb, LATWATCH_A_WAY_OVER, t->over)) ||
	    (t->over[0] && t->over_kind[0] &&
	     nla_put_string(skb, LATWATCH_A_WAY_OVER_KIND, t->over_kind)) ||
	    put_source(skb, t) ||
	    (READ_ONCE(t->several) &&
	     nla_put_flag(skb, LATWATCH_A_WAY_SEVERAL)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vm_fill(struct sk_buff *skb, const struct lw_vm *vm)
{
	char comm[TASK_COMM_LEN];
	unsigned int tap;
	int err = 0;

	/* data_race(): the first vCPU may describe it again; a name ends here */
	data_race(memcpy(comm, vm->comm, sizeof(comm)));
	comm[TASK_COMM_LEN - 1] = 0;
	if (nla_put_u32(skb, LATWATCH_A_VM_ID, vm->id) ||
	    nla_put_u32(skb, LATWATCH_A_VM_PID, READ_ONCE(vm->pid)) ||
	    nla_put_string(skb, LATWATCH_A_VM_COMM, comm) ||
	    lw_put_uint(skb, LATWATCH_A_VM_SINCE, vm->since_ns) ||
	    (READ_ONCE(vm->state) == LW_VM_GONE &&
	     nla_put_flag(skb, LATWATCH_A_VM_GONE)) ||
	    nla_put_u32(skb, LATWATCH_A_VM_VCPUS, atomic_read(&vm->vcpus)) ||
	    nla_put_u32(skb, LATWATCH_A_VM_BACKENDS,
			atomic_read(&vm->backends)))
		return -EMSGSIZE;
	if (nla_put_u32(skb, LATWATCH_A_VM_WORKERS, atomic_read(&vm->workers)))
		return -EMSGSIZE;
	mutex_lock(&lw_tap_lock);
	for (tap = 0; !err && tap < lw_table_slots(&lw_tap_table); tap++)
		if (lw_tap_is_there(tap) &&
		    lw_tap_account(tap) == lw_vm_account(vm))
			err = nla_put_string(skb, LATWATCH_A_VM_TAP,
					     lw_tap(tap)->name) ?:
			      put_way(skb, lw_tap(tap));
	mutex_unlock(&lw_tap_lock);
	return err;
}

static int vm_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	int err = 0;

	mutex_lock(&lw_books_lock);
	cb->seq = lw_generation();
	for (; cb->args[0] < lw_vm_slots; cb->args[0]++) {
		const struct lw_vm *vm = &lw_vms[cb->args[0]];
		void *hdr;

		if (!lw_vm_is_known(vm))
			continue;
		hdr = lw_dump_put(skb, cb, LATWATCH_CMD_VM_GET);
		err = hdr ? vm_fill(skb, vm) : -EMSGSIZE;
		if (err) {
			if (hdr)
				genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	mutex_unlock(&lw_books_lock);
	return skb->len ?: err;
}

static const char *const reason_names[] = {
#define FN(reason) [SKB_DROP_REASON_##reason] = #reason,
#define FNe(reason)
	DEFINE_DROP_REASON(FN, FNe)
#undef FN
#undef FNe
};

static int put_entry(struct sk_buff *skb, u32 path, u32 category,
		     const char *name, u64 count)
{
	struct nlattr *nest = nla_nest_start(skb, LATWATCH_A_LEDGER_ENTRY);

	if (!nest || nla_put_u32(skb, LATWATCH_A_ENTRY_CATEGORY, category) ||
	    nla_put_string(skb, LATWATCH_A_ENTRY_NAME, name) ||
	    lw_put_uint(skb, LATWATCH_A_ENTRY_COUNT, count) ||
	    nla_put_u32(skb, LATWATCH_A_ENTRY_PATH, path))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_line(struct sk_buff *skb, enum lw_ledger line, u64 count)
{
	return put_entry(skb, lw_lines[line].path, lw_lines[line].category,
			 lw_lines[line].name, count);
}

/* drops by the kernel's reason, of the whole host */
static int put_drops(struct sk_buff *skb, u8 path, bool in_qdisc)
{
	unsigned int i;
	char number[16], line[64];

	for (i = 0; i < LW_NREASONS; i++) {
		u64 n = lw_drop_sum(lw_books, path, in_qdisc, i);
		const char *name = "OTHER";

		if (!n)
			continue;
		if (i < ARRAY_SIZE(reason_names) && reason_names[i]) {
			name = reason_names[i];
		} else if (i < LW_NREASONS - 1) {
			snprintf(number, sizeof(number), "REASON_%u", i);
			name = number;
		}
		snprintf(line, sizeof(line), "%s%s", name,
			 in_qdisc ? " in the qdisc" : "");
		if (put_entry(skb, path, LATWATCH_CATEGORY_DROPPED, line, n))
			return -EMSGSIZE;
	}
	return 0;
}

/* what is counted where it is, not as it came */
static int put_in_flight(struct sk_buff *skb, const struct lw_vm *vm)
{
	unsigned int account = lw_vm_account(vm);
	u32 category = LATWATCH_CATEGORY_IN_FLIGHT;

	/* whose a packet in a tap's ring is, is not known before the take */
	if (!vm && (put_entry(skb, LATWATCH_PATH_RX, category,
			      "on the way to a tap or in its ring",
			      lw_skb_in_flight(LATWATCH_PATH_RX, LW_HOST)) ||
		    put_entry(skb, LATWATCH_PATH_LOCAL, category,
			      "on the way to a NIC's driver",
			      lw_skb_in_flight(LATWATCH_PATH_LOCAL, LW_HOST))))
		return -EMSGSIZE;
	return put_entry(skb, LATWATCH_PATH_RX, category, "taken",
			 lw_batch_packets(vm, LW_BATCH_OPEN, false)) ?:
	       put_entry(skb, LATWATCH_PATH_RX, category, "signalled",
			 lw_batch_packets(vm, LW_BATCH_SIGNALLED, false)) ?:
	       put_entry(skb, LATWATCH_PATH_DEVICE, category, "signalled",
			 lw_batch_packets(vm, LW_BATCH_SIGNALLED, true)) ?:
	       put_entry(skb, LATWATCH_PATH_TX, category,
			 "on the way to a NIC's driver",
			 lw_skb_in_flight(LATWATCH_PATH_TX, account));
}

/* a line that is told by the kernel's reasons */
static bool has_reasons(enum lw_ledger line)
{
	return line == LW_DROPPED || line == LW_TX_DROPPED ||
	       line == LW_LOCAL_DROPPED;
}

static int host_ledger_fill(struct sk_buff *skb)
{
	unsigned int i;

	for (i = 0; i < LW_NLEDGER; i++) {
		const struct lw_line *line = &lw_lines[i];
		u64 n = lw_line_is_brought(i) ?
			READ_ONCE(lw_books->brought[LW_HOST][line->path]) :
			lw_ledger_total(lw_books, i);

		if (has_reasons(i)) {
			if (put_drops(skb, line->path, false) ||
			    put_drops(skb, line->path, true))
				return -EMSGSIZE;
			continue;
		}
		if (put_line(skb, i, n))
			return -EMSGSIZE;
	}
	return put_in_flight(skb, NULL);
}

/* into a VM, books open with what backends took and what its taps dropped */
static int put_taken(struct sk_buff *skb, unsigned int account)
{
	return put_entry(skb, LATWATCH_PATH_RX, LATWATCH_CATEGORY_OPENED,
			 lw_lines[LW_TAKEN].name,
			 lw_ledger_sum(lw_books, account, LW_TAKEN)) ?:
	       put_entry(skb, LATWATCH_PATH_RX, LATWATCH_CATEGORY_OPENED,
			 "dropped at its taps",
			 lw_ledger_sum(lw_books, account, LW_DROPPED) +
			 lw_ledger_sum(lw_books, account,
				       LW_DROPPED_XDP_REDIRECT) +
			 lw_ledger_sum(lw_books, account,
				       LW_DROPPED_XDP_XMIT));
}

static int vm_ledger_fill(struct sk_buff *skb, const struct lw_vm *vm)
{
	unsigned int account = lw_vm_account(vm), i;

	if (nla_put_u32(skb, LATWATCH_A_LEDGER_VM, vm->id) ||
	    put_taken(skb, account))
		return -EMSGSIZE;
	for (i = 0; i < LW_NLEDGER; i++) {
		const struct lw_line *line = &lw_lines[i];
		u64 n = lw_line_is_brought(i) ?
			READ_ONCE(lw_books->brought[account][line->path]) :
			lw_ledger_sum(lw_books, account, i);

		/* what is only ever counted for the host has no line here */
		if (i == LW_TAKEN ||
		    (!n && i != LW_DELIVERED_ENTRY && i != LW_DELIVERED_KICK &&
		     i != LW_TX_OPENED && i != LW_TX_SENT))
			continue;
		if (put_line(skb, i, n))
			return -EMSGSIZE;
	}
	return put_in_flight(skb, vm);
}

/* of one line: the nest, a word, a name with its end, a count and a word */
#define LEDGER_ENTRY_ROOM	(4 + 8 + 4 + 64 + 12 + 8)

/* room for all lines, and for the reasons there are, and some that may come */
static size_t ledger_room(void)
{
	unsigned int path, reason, n = 16;

	for (path = 0; path < LW_NPATHS; path++)
		for (reason = 0; reason < LW_NREASONS; reason++)
			n += !!lw_drop_sum(lw_books, path, false, reason) +
			     !!lw_drop_sum(lw_books, path, true, reason);
	return (LW_NLEDGER + n) * LEDGER_ENTRY_ROOM;
}

static int ledger_get(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *id = info->attrs[LATWATCH_A_LEDGER_VM];
	const struct lw_vm *vm = NULL;
	struct sk_buff *skb;
	size_t room;
	void *hdr;
	int err;

	mutex_lock(&lw_books_lock);
	room = ledger_room();
	mutex_unlock(&lw_books_lock);
	skb = lw_reply_new(info, room, &hdr);
	if (!skb)
		return -ENOMEM;
	mutex_lock(&lw_books_lock);
	if (id)
		vm = lw_vm_by_id(nla_get_u32(id));
	if (id && !vm) {
		NL_SET_ERR_MSG_ATTR(info->extack, id,
				    "no VM has this id; vm-get lists those that were seen");
		err = -ENOENT;
	} else {
		err = vm ? vm_ledger_fill(skb, vm) : host_ledger_fill(skb);
	}
	mutex_unlock(&lw_books_lock);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int reset(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = lw_reply_new(info, NLMSG_GOODSIZE, &hdr);
	if (!skb)
		return -ENOMEM;
	mutex_lock(&lw_books_lock);
	err = lw_reset();
	if (err)
		NL_SET_ERR_MSG(info->extack,
			       "no memory for new books; the epoch goes on");
	else
		err = nla_put_u32(skb, LATWATCH_A_INFO_EPOCH, lw_books->epoch);
	mutex_unlock(&lw_books_lock);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/* commands without attributes accept none */
static const struct nla_policy no_policy[1 + 1] = { };

static const struct nla_policy stage_policy[LATWATCH_A_STAGE_VM + 1] = {
	[LATWATCH_A_STAGE_VM] = { .type = NLA_U32 },
};

static const struct nla_policy watermark_policy[LATWATCH_A_WATERMARK_VM + 1] = {
	[LATWATCH_A_WATERMARK_VM] = { .type = NLA_U32 },
};

static const struct nla_policy window_policy[LATWATCH_A_WINDOW_SINCE + 1] = {
	[LATWATCH_A_WINDOW_VM] = { .type = NLA_U32 },
	[LATWATCH_A_WINDOW_SINCE] = { .type = NLA_U32 },
};

static const struct nla_policy ranking_policy[LATWATCH_A_RANKING_VM + 1] = {
	[LATWATCH_A_RANKING_VM] = { .type = NLA_U32 },
};

static const struct nla_policy ledger_policy[LATWATCH_A_LEDGER_VM + 1] = {
	[LATWATCH_A_LEDGER_VM] = { .type = NLA_U32 },
};

static const struct nla_policy setting_policy[LATWATCH_A_SETTING_MAX + 1] = {
	[LATWATCH_A_SETTING_SELF_COST] = NLA_POLICY_MAX(NLA_U8, 1),
	[LATWATCH_A_SETTING_MEASURE] = NLA_POLICY_MAX(NLA_U8, 1),
	[LATWATCH_A_SETTING_CULPRITS] = NLA_POLICY_MAX(NLA_U8, 1),
};

#define POLICY(p)	.policy = (p), .maxattr = ARRAY_SIZE(p) - 1

static const struct genl_ops ops[] = {
	{
		.cmd	= LATWATCH_CMD_INFO_GET,
		.doit	= info_get,
		POLICY(no_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_STAGE_GET,
		.start	= lw_stats_start,
		.dumpit	= lw_stage_dump,
		.done	= lw_stats_done,
		POLICY(stage_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_WATERMARK_GET,
		.start	= lw_stats_start,
		.dumpit	= lw_watermark_dump,
		.done	= lw_stats_done,
		POLICY(watermark_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_VM_GET,
		.dumpit	= vm_dump,
		POLICY(no_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_CPU_GET,
		.start	= lw_stats_start,
		.dumpit	= lw_cpu_dump,
		.done	= lw_stats_done,
		POLICY(no_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_LEDGER_GET,
		.doit	= ledger_get,
		POLICY(ledger_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_RESET,
		.doit	= reset,
		POLICY(no_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_SETTING_GET,
		.doit	= lw_setting_get,
		POLICY(no_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_SETTING_SET,
		.doit	= lw_setting_set,
		POLICY(setting_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_COST_GET,
		.dumpit	= lw_cost_dump,
		POLICY(no_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_WINDOW_GET,
		.start	= lw_stats_start,
		.dumpit	= lw_window_dump,
		.done	= lw_stats_done,
		POLICY(window_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_BUDGET_GET,
		.doit	= lw_budget_show,
		POLICY(no_policy),
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_BUDGET_SET,
		.doit	= lw_budget_set,
		.policy	= lw_budget_policy,
		.maxattr = LATWATCH_A_BUDGET_BOUND,
		.flags	= GENL_ADMIN_PERM,
	}, {
		.cmd	= LATWATCH_CMD_RANKING_GET,
		.start	= lw_stats_start,
		.dumpit	= lw_ranking_dump,
		.done	= lw_stats_done,
		POLICY(ranking_policy),
		.flags	= GENL_ADMIN_PERM,
	},
};

static const struct genl_multicast_group groups[] = {
	[LW_GROUP_EVENTS] = {
		.name	= LATWATCH_MCGRP_EVENTS,
		.flags	= GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family lw_genl_family __ro_after_init = {
	.name		= LATWATCH_FAMILY_NAME,
	.version	= LATWATCH_FAMILY_VERSION,
	.module		= THIS_MODULE,
	.netnsok	= false,
	/* lw_books_lock serialises: a reset makes no other family's users wait */
	.parallel_ops	= true,
	.ops		= ops,
	.n_ops		= ARRAY_SIZE(ops),
	.mcgrps		= groups,
	.n_mcgrps	= ARRAY_SIZE(groups),
	/* all commands are validated strictly: none is older than that */
	.resv_start_op	= LATWATCH_CMD_INFO_GET,
};

int __init lw_netlink_init(void)
{
	int err = lw_breaches_init();

	if (err)
		return err;
	err = genl_register_family(&lw_genl_family);
	if (err)
		lw_breaches_exit();
	return err;
}

void lw_netlink_exit(void)
{
	lw_breaches_exit();
	genl_unregister_family(&lw_genl_family);
}
