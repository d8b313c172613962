/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_NL_H
#define LW_NL_H

#include <stddef.h>
#include <stdint.h>

#include "model.h"

struct mnl_socket;
struct nlmsghdr;

#define LW_NL_ERROR_SIZE 512

/**
 * struct lw_nl - a connection to the module
 * @socket: generic netlink
 * @portid: our address
 * @family: the message type that the family was given
 * @seq: of the request that was sent last
 * @error: why the last call failed, one sentence for the user
 * @said: the kernel's own sentence in that, or empty
 * @at: offset of what it did not like in the request; not known: it did not say
 */
struct lw_nl {
	struct mnl_socket *socket;
	unsigned int portid;
	uint16_t family;
	uint32_t seq;
	char error[LW_NL_ERROR_SIZE];
	char said[LW_NL_ERROR_SIZE];
	struct lw_value at;
};

/**
 * struct lw_switch - a setting of the module
 * @name: as the family's description calls it
 * @attr: its number, LATWATCH_A_SETTING_*
 */
struct lw_switch {
	const char *name;
	uint16_t attr;
};

/**
 * struct lw_setting - what a setting is to be
 * @which: the setting
 * @on: on, or off
 */
struct lw_setting {
	const struct lw_switch *which;
	bool on;
};

/**
 * struct lw_nl_request - one operation
 * @name: as the family's description calls it, for messages to the user
 * @cmd: LATWATCH_CMD_*
 * @dump: whether it is a dump
 * @vm: the attribute that restricts it to a VM, or one that is not known
 * @vm_attr: number of that attribute
 * @changes: what settings are to be
 * @nr_changes: how many
 * @put: adds more attributes, or NULL
 * @data: for @put
 */
struct lw_nl_request {
	const char *name;
	uint8_t cmd;
	bool dump;
	struct lw_value vm;
	uint16_t vm_attr;
	const struct lw_setting *changes;
	size_t nr_changes;
	int (*put)(struct nlmsghdr *nlh, size_t size, void *data);
	void *data;
};

/**
 * typedef lw_nl_reader - takes a message of an answer
 * @nlh: the message
 * @data: as given to lw_nl_query()
 *
 * Return: 0 or a negative errno, which ends the query.
 */
typedef int lw_nl_reader(const struct nlmsghdr *nlh, void *data);

int lw_nl_open(struct lw_nl *nl);
void lw_nl_close(struct lw_nl *nl);
int lw_nl_query(struct lw_nl *nl, const struct lw_nl_request *request,
		lw_nl_reader *reader, void *data);
int lw_nl_listen(struct lw_nl *nl, const char *group);
int lw_nl_receive(struct lw_nl *nl, lw_nl_reader *reader, void *data);
const struct nlmsghdr *lw_nl_next(const void *datagram, size_t size, size_t *at);
int lw_nl_parse_error(const struct nlmsghdr *nlh, char *text, size_t size);

#endif
