// SPDX-License-Identifier: GPL-2.0
/*
 * The walk over a message's attributes.  Takes messages, gives to decode.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "model.h"
#include "shape.h"

static int read_string(const char *payload, size_t len, char **to)
{
	char *text;

	if (!len)
		return -EBADMSG;
	text = strndup(payload, len);
	if (!text)
		return -ENOMEM;
	free(*to);
	*to = text;
	return 0;
}

static int read_number(const void *payload, size_t len, uint64_t *to)
{
	uint32_t half;

	switch (len) {
	case sizeof(half):
		memcpy(&half, payload, sizeof(half));
		*to = half;
		return 0;
	case sizeof(*to):
		memcpy(to, payload, sizeof(*to));
		return 0;
	default:
		return -EBADMSG;
	}
}

static int read_value(const void *payload, size_t len, struct lw_value *to)
{
	int err = read_number(payload, len, &to->v);

	to->known = to->known || !err;
	return err;
}

static int read_signed(const void *payload, size_t len, struct lw_svalue *to)
{
	int32_t v;

	if (len != sizeof(v))
		return -EBADMSG;
	memcpy(&v, payload, sizeof(v));
	to->v = v;
	to->known = true;
	return 0;
}

static int read_object(const struct nlattr *attr, size_t len,
		       const struct lw_shape *shape, void *object);

static int read_field(const struct lw_field *field, const struct nlattr *attr,
		      void *object)
{
	const void *payload = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);
	void *to = (char *)object + field->at;
	size_t *nr = (size_t *)((char *)object + field->nr_at);
	void *element;

	switch (field->kind) {
	case KIND_TRUTH:
		if (len != 1)
			return -EBADMSG;
		*(bool *)to = *(const uint8_t *)payload;
		return 0;
	case KIND_UINT:
		return read_value(payload, len, to);
	case KIND_U32:
		if (len != sizeof(uint32_t))
			return -EBADMSG;
		return read_value(payload, len, to);
	case KIND_S32:
		return read_signed(payload, len, to);
	case KIND_ID:
		if (len != sizeof(uint32_t))
			return -EBADMSG;
		memcpy(to, payload, len);
		return 0;
	case KIND_NUMBER:
		return read_number(payload, len, to);
	case KIND_STRING:
		return read_string(payload, len, to);
	case KIND_STRINGS:
		element = lw_array_add(to, nr, sizeof(char *));
		return element ? read_string(payload, len, element) : -ENOMEM;
	case KIND_FLAG:
		*(bool *)to = true;
		return 0;
	case KIND_NEST:
		element = lw_array_add(to, nr, field->shape->size);
		return element ? read_object(payload, len, field->shape,
					     element) : -ENOMEM;
	}
	return -EBADMSG;
}

/*
 * Not mnl_attr_for_each(): that ends in silence at an attribute that does not
 * fit, and half an object would pass for a whole one.
 */
static int read_object(const struct nlattr *attr, size_t len,
		       const struct lw_shape *shape, void *object)
{
	uint64_t seen = 0;
	size_t i;
	int err;

	while (len) {
		size_t step;

		if (len > INT32_MAX || !mnl_attr_ok(attr, (int)len))
			return -EBADMSG;
		for (i = 0; i < shape->nr_fields; i++) {
			if (shape->fields[i].attr != mnl_attr_get_type(attr))
				continue;
			err = read_field(&shape->fields[i], attr, object);
			if (err)
				return err;
			seen |= 1ull << i;
		}
		step = MNL_ALIGN(mnl_attr_get_len(attr));
		len -= step < len ? step : len;
		attr = mnl_attr_next(attr);
	}
	for (i = 0; i < shape->nr_fields; i++)
		if (shape->fields[i].required && !(seen & 1ull << i))
			return -EBADMSG;
	return 0;
}

/**
 * lw_shape_read - read a message into an object
 * @nlh: a message of the family
 * @shape: what the object is made of
 * @object: the object, zeroed; what was read of it is there after an error too
 *
 * Attributes that the shape does not know are passed over.
 *
 * Return: 0, -EBADMSG for a garbled message, or -ENOMEM.
 */
int lw_shape_read(const struct nlmsghdr *nlh, const struct lw_shape *shape,
		  void *object)
{
	if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN + GENL_HDRLEN)
		return -EBADMSG;
	return read_object(mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN),
			   mnl_nlmsg_get_payload_len(nlh) - GENL_HDRLEN,
			   shape, object);
}
