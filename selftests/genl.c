// SPDX-License-Identifier: GPL-2.0
/* Sockets and requests of generic netlink. See genl.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "genl.h"

struct mnl_socket *genl_socket(void)
{
	struct timeval limit = { .tv_sec = 5 };
	struct mnl_socket *s = mnl_socket_open(NETLINK_GENERIC);
	int one = 1;

	if (!s || mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) < 0) {
		printf("Bail out! no socket: %s\n", strerror(errno));
		exit(1);
	}
	mnl_socket_setsockopt(s, NETLINK_EXT_ACK, &one, sizeof(one));
	/* nothing here may wait for ever */
	setsockopt(mnl_socket_get_fd(s), SOL_SOCKET, SO_RCVTIMEO, &limit,
		   sizeof(limit));
	return s;
}

struct nlmsghdr *genl_message(char *buf, unsigned short type,
			      unsigned short flags, unsigned char cmd)
{
	struct nlmsghdr *n = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *g;

	n->nlmsg_type = type;
	n->nlmsg_flags = NLM_F_REQUEST | flags;
	n->nlmsg_seq = 1;
	g = mnl_nlmsg_put_extra_header(n, sizeof(*g));
	g->cmd = cmd;
	g->version = 1;
	return n;
}

/* the number that the kernel has given to the family, 0 if there is none */
unsigned short genl_family(void)
{
	char buf[GENL_SMALL], reply[GENL_LARGE];
	struct mnl_socket *s = genl_socket();
	struct nlmsghdr *n = genl_message(buf, GENL_ID_CTRL, 0,
					  CTRL_CMD_GETFAMILY);
	const struct nlattr *attr;
	unsigned short id = 0;
	int len;

	mnl_attr_put_strz(n, CTRL_ATTR_FAMILY_NAME, LATWATCH_FAMILY_NAME);
	mnl_socket_sendto(s, n, n->nlmsg_len);
	len = mnl_socket_recvfrom(s, reply, sizeof(reply));
	n = (struct nlmsghdr *)reply;
	if (len > 0 && mnl_nlmsg_ok(n, len) && n->nlmsg_type == GENL_ID_CTRL)
		mnl_attr_for_each(attr, n, sizeof(struct genlmsghdr))
			if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
				id = mnl_attr_get_u16(attr);
	mnl_socket_close(s);
	return id;
}
