/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What of generic netlink 6.1 lacks.
 *
 * To be deleted when the oldest kernel is 6.7.
 */
#ifndef LW_COMPAT_GENETLINK_H
#define LW_COMPAT_GENETLINK_H

#include <linux/version.h>
#include <net/genetlink.h>

/* genl_info_dump() since 6.6 */
static inline struct nlattr **lw_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_info_dump(cb)->attrs;
#endif
}

/* nla_put_uint() since 6.7: as short as the value allows */
static inline int lw_put_uint(struct sk_buff *skb, int type, u64 value)
{
	if (value <= U32_MAX)
		return nla_put_u32(skb, type, value);
	return nla_put(skb, type, sizeof(value), &value);
}

/* NLA_UINT since 6.7 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define LW_POLICY_UINT	{ .type = NLA_BINARY, .len = sizeof(u64) }
#else
#define LW_POLICY_UINT	{ .type = NLA_UINT }
#endif

/* false: it has another length than such a number */
static inline bool lw_get_uint(const struct nlattr *attr, u64 *value)
{
	if (nla_len(attr) == sizeof(u32))
		*value = nla_get_u32(attr);
	else if (nla_len(attr) == sizeof(u64))
		nla_memcpy(value, attr, sizeof(*value));
	else
		return false;
	return true;
}

#endif
