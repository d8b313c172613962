/* SPDX-License-Identifier: GPL-2.0 */
/*
 * genl: sockets and requests of generic netlink, for tests that break its
 * rules, too. Takes what a test wants to say, gives it a way to the kernel.
 */
#ifndef SELFTESTS_GENL_H
#define SELFTESTS_GENL_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/latwatch.h>

#define GENL_SMALL	4096	/* receives the smallest part of a dump */
#define GENL_LARGE	32768

struct mnl_socket *genl_socket(void);
struct nlmsghdr *genl_message(char *buf, unsigned short type,
			      unsigned short flags, unsigned char cmd);
unsigned short genl_family(void);

#endif
