// SPDX-License-Identifier: GPL-2.0
/*
 * udp-peer: the other end of a test's traffic, in a guest or in host2.
 *
 * Takes datagrams, gives them back or not, by the port they came to:
 *   7	echo: sent back as it came
 *   9	sink: thrown away
 *  19	burst: "burst COUNT [SIZE]" has COUNT datagrams of SIZE bytes sent
 *	back to back to port 9 of whoever asked; each starts with its number,
 *	in network order
 *
 * Linked statically: the guest has no libraries.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE_MAX_UDP	1472
#define SIZE_MIN_UDP	18

enum { ECHO, SINK, BURST, SOCKETS };

static const uint16_t ports[SOCKETS] = { 7, 9, 19 };

static char buf[65536];

static int open_port(uint16_t port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		perror("udp-peer");
		return -1;
	}
	return fd;
}

static void send_burst(int fd, struct sockaddr_in *to, const char *request)
{
	unsigned int count, size = SIZE_MIN_UDP;
	char data[SIZE_MAX_UDP] = "";
	struct pollfd room = { .fd = fd, .events = POLLOUT };

	if (sscanf(request, "burst %u %u", &count, &size) < 1)
		return;
	if (size < SIZE_MIN_UDP)
		size = SIZE_MIN_UDP;
	if (size > SIZE_MAX_UDP)
		size = SIZE_MAX_UDP;

	to->sin_port = htons(ports[SINK]);
	for (unsigned int i = 0; i < count; i++) {
		uint32_t number = htonl(i);

		memcpy(data, &number, sizeof(number));
		while (sendto(fd, data, size, 0, (struct sockaddr *)to,
			      sizeof(*to)) < 0)
			if (poll(&room, 1, 100) <= 0)
				break;
	}
}

static void serve(int which, int fd)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	ssize_t got;

	while ((got = recvfrom(fd, buf, sizeof(buf) - 1, 0,
			       (struct sockaddr *)&from, &len)) >= 0) {
		if (which == ECHO) {
			sendto(fd, buf, got, 0, (struct sockaddr *)&from, len);
		} else if (which == BURST) {
			buf[got] = '\0';
			send_burst(fd, &from, buf);
		}
		len = sizeof(from);
	}
}

int main(void)
{
	struct pollfd fds[SOCKETS];

	for (int i = 0; i < SOCKETS; i++) {
		fds[i].fd = open_port(ports[i]);
		fds[i].events = POLLIN;
		if (fds[i].fd < 0)
			return 1;
	}

	while (poll(fds, SOCKETS, -1) >= 0)
		for (int i = 0; i < SOCKETS; i++)
			if (fds[i].revents)
				serve(i, fds[i].fd);
	return 1;
}
