// SPDX-License-Identifier: GPL-2.0
/*
 * Messages in a row.  Takes the tests' wishes, gives bytes.
 */
#include <string.h>

#include <linux/genetlink.h>

#include "tape.h"

struct nlmsghdr *tape_begin(struct tape *tape, uint16_t type, uint16_t flags,
			    uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(tape->data + tape->len);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

void tape_end(struct tape *tape, const struct nlmsghdr *nlh)
{
	tape->len += MNL_ALIGN(nlh->nlmsg_len);
}

void tape_error(struct tape *tape, int error, const char *extack)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(tape->data + tape->len);
	struct nlmsgerr *body;

	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_flags = NLM_F_CAPPED;
	body = mnl_nlmsg_put_extra_header(nlh, sizeof(*body));
	body->error = error;
	body->msg.nlmsg_len = 4096;
	if (extack) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, extack);
	}
	tape_end(tape, nlh);
}

void tape_done(struct tape *tape, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(tape->data + tape->len);
	int *code;

	nlh->nlmsg_type = NLMSG_DONE;
	nlh->nlmsg_flags = NLM_F_MULTI | flags;
	code = mnl_nlmsg_put_extra_header(nlh, sizeof(*code));
	*code = 0;
	tape_end(tape, nlh);
}

void put_uint(struct nlmsghdr *nlh, uint16_t attr, uint64_t value)
{
	if (value <= UINT32_MAX)
		mnl_attr_put_u32(nlh, attr, (uint32_t)value);
	else
		mnl_attr_put_u64(nlh, attr, value);
}
