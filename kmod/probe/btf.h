/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's type information (BTF), and whether a function in it takes the
 * arguments that a probe was written for.
 *
 * Takes bytes, and trusts none of them. Gives to prototype.c.
 */
#ifndef LW_BTF_H
#define LW_BTF_H

#include <linux/types.h>
#include <uapi/linux/btf.h>

/**
 * struct lw_btf - type information that was indexed
 * @base: what it continues, a module's that of the kernel proper, or NULL
 * @types: the types
 * @at: where each type begins in @types
 * @strings: their names
 * @strings_len: bytes of @strings, the last of which is 0
 * @first_string: number of the first byte of @strings
 * @first: number of the first type
 * @end: number behind the last type
 */
struct lw_btf {
	const struct lw_btf *base;
	const char *types;
	u32 *at;
	const char *strings;
	u32 strings_len;
	u32 first_string;
	u32 first;
	u32 end;
};

/**
 * struct lw_type - the type of an argument
 * @text: as it is written; NULL: there are no more arguments
 * @size: its bytes
 * @encoding: LW_TYPE_POINTER, or BTF_INT_* of an integer
 */
struct lw_type {
	const char *text;
	u8 size;
	u8 encoding;
};

#define LW_TYPE_POINTER		0x80

/* what lw_btf_compare() looks a name up as */
enum lw_btf_what {
	LW_BTF_TRACEPOINT,
	LW_BTF_FUNCTION,
};

#define LW_TYPE_ENCODING(type) \
	_Generic((type)0, default : LW_TYPE_POINTER, bool : BTF_INT_BOOL, \
		 signed char : BTF_INT_SIGNED, short : BTF_INT_SIGNED, \
		 int : BTF_INT_SIGNED, long : BTF_INT_SIGNED, \
		 long long : BTF_INT_SIGNED, \
		 unsigned char : 0, unsigned short : 0, unsigned int : 0, \
		 unsigned long : 0, unsigned long long : 0)

#define LW_TYPE(type)		{ #type, sizeof(type), LW_TYPE_ENCODING(type) },
#define LW_TYPES_1(type)	LW_TYPE(type)
#define LW_TYPES_2(type, ...)	LW_TYPE(type) LW_TYPES_1(__VA_ARGS__)
#define LW_TYPES_3(type, ...)	LW_TYPE(type) LW_TYPES_2(__VA_ARGS__)
#define LW_TYPES_4(type, ...)	LW_TYPE(type) LW_TYPES_3(__VA_ARGS__)
#define LW_TYPES_OF(a, b, c, d, types, ...) types

/**
 * LW_TYPES() - an array of struct lw_type, of one type to four
 *
 * Integers, and pointers that are written "struct name *".
 */
#define LW_TYPES(...) { \
	LW_TYPES_OF(__VA_ARGS__, LW_TYPES_4, LW_TYPES_3, LW_TYPES_2, LW_TYPES_1) \
		(__VA_ARGS__) { } }

int lw_btf_init(struct lw_btf *b, const void *data, size_t size,
		const struct lw_btf *base);
void lw_btf_exit(struct lw_btf *b);
int lw_btf_compare(const struct lw_btf *b, enum lw_btf_what what, const char *name,
		   const struct lw_type *args, bool exact);

#endif
