// SPDX-License-Identifier: GPL-2.0
/*
 * The socket: requests out, messages in, errors into sentences.  Takes requests
 * from collect.c and gives messages to its readers; knows no attribute but
 * those of the controller, of an error and the VM of a request.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/latwatch.h>

#include "nl.h"

#ifndef NETLINK_EXT_ACK
#define NETLINK_EXT_ACK 11
#endif

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/* The kernel sizes the messages of a dump by the room offered, up to 32 KiB. */
#define BUFFER_SIZE 65536

/*
 * The text of an error's attributes, which follow @offset bytes of payload.
 */
static void copy_extack(const struct nlmsghdr *nlh, size_t offset, char *text,
			size_t size)
{
	const struct nlattr *attr;
	size_t room;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    mnl_nlmsg_get_payload_len(nlh) < offset)
		return;
	mnl_attr_for_each(attr, nlh, (unsigned int)offset) {
		if (mnl_attr_get_type(attr) != NLMSGERR_ATTR_MSG)
			continue;
		room = mnl_attr_get_payload_len(attr);
		if (room > size - 1)
			room = size - 1;
		memcpy(text, mnl_attr_get_payload(attr), room);
		text[room] = '\0';
	}
}

/* Where in the request stands what an NLMSG_ERROR is about, if it says so. */
static struct lw_value offset_of(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(nlh);
	struct lw_value at = { 0 };
	const struct nlattr *attr;
	size_t offset = sizeof(*error);

	if (nlh->nlmsg_type != NLMSG_ERROR || !(nlh->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    mnl_nlmsg_get_payload_len(nlh) < offset)
		return at;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) && error->msg.nlmsg_len > sizeof(error->msg))
		offset += MNL_ALIGN(error->msg.nlmsg_len - sizeof(error->msg));
	if (mnl_nlmsg_get_payload_len(nlh) < offset)
		return at;
	mnl_attr_for_each(attr, nlh, (unsigned int)offset)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			at = (struct lw_value){ mnl_attr_get_u32(attr), true };
	return at;
}

/**
 * lw_nl_parse_error - read an NLMSG_ERROR or the end of a dump
 * @nlh: a message of either type, of length nlmsg_len
 * @text: is set to the kernel's explanation, or to an empty string
 * @size: room in @text
 *
 * Return: 0 for an acknowledgment, else a negative errno.
 */
int lw_nl_parse_error(const struct nlmsghdr *nlh, char *text, size_t size)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	struct nlmsgerr error;
	size_t offset;
	int code;

	text[0] = '\0';
	if (nlh->nlmsg_type == NLMSG_DONE) {
		if (len < sizeof(code))
			return 0;
		memcpy(&code, mnl_nlmsg_get_payload(nlh), sizeof(code));
		if (code < 0)
			copy_extack(nlh, sizeof(code), text, size);
		return code < 0 ? code : 0;
	}
	if (len < sizeof(error))
		return -EBADMSG;
	memcpy(&error, mnl_nlmsg_get_payload(nlh), sizeof(error));
	offset = sizeof(error);
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) &&
	    error.msg.nlmsg_len > sizeof(error.msg))
		offset += MNL_ALIGN(error.msg.nlmsg_len - sizeof(error.msg));
	copy_extack(nlh, offset, text, size);
	if (error.error > 0)
		return -EBADMSG;
	return error.error;
}

/* Sets the sentence for the user. */
static int fail(struct lw_nl *nl, const char *what, int err,
		const char *extack)
{
	if (err == -EPERM)
		snprintf(nl->error, sizeof(nl->error),
			 "no permission: this needs CAP_NET_ADMIN in the initial user namespace%s%s",
			 extack[0] ? ": " : "", extack);
	else if (err == -EBADMSG)
		snprintf(nl->error, sizeof(nl->error),
			 "the kernel's answer to %s is malformed", what);
	else
		snprintf(nl->error, sizeof(nl->error), "%s: %s%s%s", what,
			 strerror(-err), extack[0] ? ": " : "", extack);
	return err;
}

/**
 * lw_nl_next - walk the messages of a datagram
 * @datagram: what was received
 * @size: how much
 * @at: how far the walk is, 0 to begin
 *
 * mnl_nlmsg_ok() takes a length of 2 GiB and more for a negative one and lets
 * it pass.
 *
 * Return: the next message that is there as a whole, or NULL.
 */
const struct nlmsghdr *lw_nl_next(const void *datagram, size_t size, size_t *at)
{
	const struct nlmsghdr *nlh;
	size_t left = size - *at;

	if (left < sizeof(*nlh))
		return NULL;
	nlh = (const void *)((const char *)datagram + *at);
	if (nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > left)
		return NULL;
	*at += MNL_ALIGN(nlh->nlmsg_len) < left ? MNL_ALIGN(nlh->nlmsg_len) :
						  left;
	return nlh;
}

/*
 * Handles the messages of one datagram.  Returns 1 when the answer is complete,
 * 0 when more is to come.
 */
static int read_datagram(struct lw_nl *nl, const char *what, const void *buffer,
			 size_t received, bool *interrupted,
			 lw_nl_reader *reader, void *data)
{
	const struct nlmsghdr *nlh;
	char extack[256];
	size_t at = 0;
	int err;

	while ((nlh = lw_nl_next(buffer, received, &at))) {
		/* The rest of an answer that was given up earlier. */
		if (!mnl_nlmsg_seq_ok(nlh, nl->seq) ||
		    !mnl_nlmsg_portid_ok(nlh, nl->portid))
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			*interrupted = true;
		if (nlh->nlmsg_type == NLMSG_ERROR ||
		    nlh->nlmsg_type == NLMSG_DONE) {
			err = lw_nl_parse_error(nlh, extack, sizeof(extack));
			nl->at = offset_of(nlh);
			snprintf(nl->said, sizeof(nl->said), "%s", extack);
			return err ? fail(nl, what, err, extack) : 1;
		}
		if (nlh->nlmsg_type < NLMSG_MIN_TYPE)
			continue;
		err = reader(nlh, data);
		if (err)
			return fail(nl, what, err, "");
	}
	return 0;
}

static int talk(struct lw_nl *nl, const char *what, struct nlmsghdr *request,
		lw_nl_reader *reader, void *data)
{
	_Alignas(struct nlmsghdr) static char buffer[BUFFER_SIZE];
	bool interrupted = false;
	ssize_t received;
	int done;

	request->nlmsg_seq = ++nl->seq;
	if (mnl_socket_sendto(nl->socket, request, request->nlmsg_len) < 0)
		return fail(nl, what, -errno, "");
	do {
		received = mnl_socket_recvfrom(nl->socket, buffer,
					       sizeof(buffer));
		if (received < 0 && errno == EINTR) {
			done = 0;
			continue;
		}
		if (received <= 0)
			return fail(nl, what, received ? -errno : -EPIPE, "");
		done = read_datagram(nl, what, buffer, (size_t)received,
				     &interrupted, reader, data);
	} while (!done);
	if (done < 0)
		return done;
	return interrupted;
}

struct family {
	bool found;
	uint16_t id;
	uint32_t version;
};

static int read_family(const struct nlmsghdr *nlh, void *data)
{
	struct family *family = data;
	const struct nlattr *attr;

	if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN + GENL_HDRLEN)
		return -EBADMSG;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_FAMILY_ID:
			if (mnl_attr_validate(attr, MNL_TYPE_U16) < 0)
				return -EBADMSG;
			family->id = mnl_attr_get_u16(attr);
			family->found = true;
			break;
		case CTRL_ATTR_VERSION:
			if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
				return -EBADMSG;
			family->version = mnl_attr_get_u32(attr);
			break;
		}
	}
	return family->found ? 0 : -EBADMSG;
}

/* what the controller knows of the family */
static int ask_family(struct lw_nl *nl, lw_nl_reader *reader, void *data)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, LATWATCH_FAMILY_NAME);
	return talk(nl, "getfamily", nlh, reader, data);
}

static int find_family(struct lw_nl *nl)
{
	struct family family = { 0 };
	int err = ask_family(nl, read_family, &family);

	if (err == -ENOENT && !access("/sys/module/latwatch", F_OK))
		snprintf(nl->error, sizeof(nl->error),
			 "the module latwatch is loaded but not seen from here: run this in the initial network namespace");
	else if (err == -ENOENT)
		snprintf(nl->error, sizeof(nl->error),
			 "the module latwatch is not loaded: run 'insmod latwatch.ko' or 'modprobe latwatch'");
	if (err < 0)
		return err;
	if (!family.found)
		return fail(nl, "getfamily", -EBADMSG, "");
	if (family.version != LATWATCH_FAMILY_VERSION) {
		snprintf(nl->error, sizeof(nl->error),
			 "the module speaks version %u of its protocol, this program version %u: use those of one release",
			 family.version, LATWATCH_FAMILY_VERSION);
		return -EPROTONOSUPPORT;
	}
	nl->family = family.id;
	return 0;
}

/**
 * lw_nl_open - connect to the module
 * @nl: is set; lw_nl_close() it after an error too
 *
 * Return: 0, or a negative errno with @nl->error set.
 */
int lw_nl_open(struct lw_nl *nl)
{
	int on = 1;

	memset(nl, 0, sizeof(*nl));
	nl->seq = (uint32_t)time(NULL);
	nl->socket = mnl_socket_open(NETLINK_GENERIC);
	if (!nl->socket)
		return fail(nl, "netlink socket", -errno, "");
	if (mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		return fail(nl, "netlink socket", -errno, "");
	nl->portid = mnl_socket_get_portid(nl->socket);
	/* Only explanations are lost where this fails. */
	mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	return find_family(nl);
}

/**
 * lw_nl_close - disconnect
 * @nl: the connection
 */
void lw_nl_close(struct lw_nl *nl)
{
	if (nl->socket)
		mnl_socket_close(nl->socket);
	nl->socket = NULL;
}

/**
 * lw_nl_query - send a request and read the whole answer
 * @nl: the connection
 * @request: the request
 * @reader: is called with each message of the answer
 * @data: for @reader
 *
 * Return: 0; 1 if what was dumped changed meanwhile; or a negative errno with
 * @nl->error set.
 */
int lw_nl_query(struct lw_nl *nl, const struct lw_nl_request *request,
		lw_nl_reader *reader, void *data)
{
	_Alignas(struct nlmsghdr) static char buffer[BUFFER_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;
	size_t i;
	int err;

	nlh->nlmsg_type = nl->family;
	nlh->nlmsg_flags = NLM_F_REQUEST |
			   (request->dump ? NLM_F_DUMP : NLM_F_ACK);
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = request->cmd;
	genl->version = LATWATCH_FAMILY_VERSION;
	if (request->vm.known)
		mnl_attr_put_u32(nlh, request->vm_attr,
				 (uint32_t)request->vm.v);
	for (i = 0; i < request->nr_changes; i++)
		mnl_attr_put_u8(nlh, request->changes[i].which->attr,
				request->changes[i].on);
	err = request->put ? request->put(nlh, sizeof(buffer), request->data) : 0;
	return err ? err : talk(nl, request->name, nlh, reader, data);
}

struct group {
	const char *name;
	uint32_t id;
};

static int read_group(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *nest, *in;
	struct group *group = data;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(nest, attr) {
			const char *name = "";
			uint32_t id = 0;

			mnl_attr_for_each_nested(in, nest) {
				if (mnl_attr_get_type(in) == CTRL_ATTR_MCAST_GRP_NAME &&
				    mnl_attr_validate(in, MNL_TYPE_NUL_STRING) >= 0)
					name = mnl_attr_get_str(in);
				if (mnl_attr_get_type(in) == CTRL_ATTR_MCAST_GRP_ID &&
				    mnl_attr_validate(in, MNL_TYPE_U32) >= 0)
					id = mnl_attr_get_u32(in);
			}
			if (!strcmp(name, group->name))
				group->id = id;
		}
	}
	return 0;
}

/**
 * lw_nl_listen - hear what the module tells a group
 * @nl: the connection; it is for nothing else from then on
 * @name: of the group
 *
 * Return: 0, or a negative errno with @nl->error set.
 */
int lw_nl_listen(struct lw_nl *nl, const char *name)
{
	struct group group = { .name = name };
	int err = ask_family(nl, read_group, &group);

	if (err < 0)
		return err;
	if (!group.id) {
		snprintf(nl->error, sizeof(nl->error),
			 "the module tells nothing of '%s': it is older than this program", name);
		return -EOPNOTSUPP;
	}
	err = mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP, &group.id,
				    sizeof(group.id));
	return err < 0 ? fail(nl, "listen", -errno, "") : 0;
}

/**
 * lw_nl_receive - wait for what the module tells the group
 * @nl: the connection; see lw_nl_listen()
 * @reader: is called with each message
 * @data: for @reader
 *
 * Return: 0; 1 if some came faster than they were read, and are lost; -EINTR after a
 * signal; or another negative errno with @nl->error set.
 */
int lw_nl_receive(struct lw_nl *nl, lw_nl_reader *reader, void *data)
{
	_Alignas(struct nlmsghdr) static char buffer[BUFFER_SIZE];
	ssize_t received = mnl_socket_recvfrom(nl->socket, buffer, sizeof(buffer));
	const struct nlmsghdr *nlh;
	size_t at = 0;
	int err;

	if (received < 0 && errno == EINTR)
		return -EINTR;
	if (received < 0 && errno == ENOBUFS)
		return 1;
	if (received < 0)
		return fail(nl, "listen", -errno, "");
	while ((nlh = lw_nl_next(buffer, (size_t)received, &at))) {
		if (nlh->nlmsg_type != nl->family)
			continue;
		err = reader(nlh, data);
		if (err)
			return fail(nl, "listen", err, "");
	}
	return 0;
}
