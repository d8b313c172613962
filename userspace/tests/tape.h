/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages in a row, as the kernel would send them.
 */
#ifndef LW_TESTS_TAPE_H
#define LW_TESTS_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

/* All that a test sends fits; one that does not is a mistake of the test. */
#define TAPE_SIZE (256 * 1024)

struct tape {
	_Alignas(struct nlmsghdr) char data[TAPE_SIZE];
	size_t len;
};

struct nlmsghdr *tape_begin(struct tape *tape, uint16_t type, uint16_t flags,
			    uint8_t cmd);
void tape_end(struct tape *tape, const struct nlmsghdr *nlh);
void tape_error(struct tape *tape, int error, const char *extack);
void tape_done(struct tape *tape, uint16_t flags);

/* An attribute of the type uint, in 4 bytes where it fits, else in 8. */
void put_uint(struct nlmsghdr *nlh, uint16_t attr, uint64_t value);

#endif
