// SPDX-License-Identifier: GPL-2.0
/*
 * udp-rtt: round trips of datagrams, each after the answer to the last.
 *
 * udp-rtt ADDRESS PORT COUNT [PAUSE_US]: prints each round trip in ns, in the order
 * of sending; "lost" for one whose answer did not come within a second.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_COUNT	1000000

static long long took[MAX_COUNT];

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct timeval patience = { .tv_sec = 1 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int count, pause_us;
	char data[18] = "";

	if (argc < 4 || !inet_aton(argv[1], &to.sin_addr))
		return 2;
	to.sin_port = htons(atoi(argv[2]));
	count = atoi(argv[3]);
	pause_us = argc > 4 ? atoi(argv[4]) : 0;
	if (fd < 0 || count < 0 || count > MAX_COUNT ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)) < 0) {
		perror("udp-rtt");
		return 1;
	}
	/* no page is to be found while a packet is on its way */
	mlockall(MCL_CURRENT | MCL_FUTURE);

	for (int i = 0; i < count; i++) {
		long long begin = now_ns();

		if (send(fd, data, sizeof(data), 0) < 0 ||
		    recv(fd, data, sizeof(data), 0) < 0)
			took[i] = -1;
		else
			took[i] = now_ns() - begin;
		if (pause_us)
			usleep(pause_us);
	}
	for (int i = 0; i < count; i++)
		if (took[i] < 0)
			puts("lost");
		else
			printf("%lld\n", took[i]);
	return 0;
}
