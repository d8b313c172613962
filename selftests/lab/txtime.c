// SPDX-License-Identifier: GPL-2.0
/*
 * txtime: datagrams that say when they want to leave, by SO_TXTIME.
 *
 *	txtime ADDRESS PORT COUNT DELAY_US [INTERVAL_US [PRIORITY]]
 *
 * The first wants to leave DELAY_US from now, or did so if that is negative; each
 * of the others INTERVAL_US after the one before it. Qdiscs choose a class by the
 * priority.
 */
#include <arpa/inet.h>
#include <linux/net_tstamp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_txtime txtime = { .clockid = CLOCK_TAI };
	struct sockaddr_in to = { .sin_family = AF_INET };
	char data[18] = "", control[CMSG_SPACE(sizeof(uint64_t))] = "";
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = {
		.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	int fd, priority = argc > 6 ? atoi(argv[6]) : 0;
	long count, delay, interval;
	struct timespec now;
	uint64_t when;

	if (argc < 5 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fprintf(stderr,
			"usage: txtime ADDRESS PORT COUNT DELAY_US [INTERVAL_US [PRIORITY]]\n");
		return 2;
	}
	to.sin_port = htons(atoi(argv[2]));
	count = atol(argv[3]);
	delay = atol(argv[4]);
	interval = argc > 5 ? atol(argv[5]) : 0;

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TXTIME, &txtime,
				 sizeof(txtime)) ||
	    setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &priority,
		       sizeof(priority))) {
		perror("txtime");
		return 1;
	}
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_TXTIME;
	cmsg->cmsg_len = CMSG_LEN(sizeof(when));

	clock_gettime(CLOCK_TAI, &now);
	when = now.tv_sec * 1000000000ULL + now.tv_nsec + delay * 1000;
	for (long i = 0; i < count; i++, when += interval * 1000) {
		memcpy(CMSG_DATA(cmsg), &when, sizeof(when));
		if (sendmsg(fd, &msg, 0) < 0) {
			perror("txtime: sendmsg");
			return 1;
		}
	}
	return 0;
}
