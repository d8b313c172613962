/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An object is described by its shape: which attribute goes where and as what.
 * One walk reads them all, so that there is one place that can be wrong about
 * lengths.
 */
#ifndef LW_SHAPE_H
#define LW_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

struct lw_shape;

enum lw_kind {
	KIND_TRUTH,	/* 1 byte, 0 or not, into a bool */
	KIND_UINT,	/* 4 or 8 bytes into a struct lw_value */
	KIND_U32,	/* 4 bytes into a struct lw_value */
	KIND_S32,	/* 4 bytes into a struct lw_svalue */
	KIND_ID,	/* 4 bytes into a uint32_t */
	KIND_NUMBER,	/* 4 or 8 bytes into a uint64_t */
	KIND_STRING,	/* into a char * */
	KIND_STRINGS,	/* each into a new element of an array of char * */
	KIND_FLAG,	/* into a bool */
	KIND_NEST,	/* each into a new element of an array of objects */
};

/**
 * struct lw_field - where one attribute goes
 * @attr: type of the attribute
 * @required: an object without it is garbled
 * @kind: how to read it
 * @at: offset of the member in the object
 * @nr_at: offset of the array's count, for an array
 * @shape: what an array's elements are, for KIND_NEST
 */
struct lw_field {
	uint16_t attr;
	bool required;
	enum lw_kind kind;
	size_t at;
	size_t nr_at;
	const struct lw_shape *shape;
};

/**
 * struct lw_shape - how an object is made of attributes
 * @size: of the object
 * @fields: its attributes; at most 64
 * @nr_fields: how many
 */
struct lw_shape {
	size_t size;
	const struct lw_field *fields;
	size_t nr_fields;
};

int lw_shape_read(const struct nlmsghdr *nlh, const struct lw_shape *shape,
		  void *object);

#endif
