// SPDX-License-Identifier: GPL-2.0
/* The kernel's type information, and what a function in it takes. See btf.h. */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "alloc.h"
#include "probe/btf.h"

/* the kernel's name for the type of a tracepoint's callback */
#define TRACEPOINT_PREFIX	"btf_trace_"

/* of a header; what newer ones have comes behind */
#define HEADER_BYTES	(offsetof(struct btf_header, str_len) + sizeof(u32))

/* names and qualifiers of a type that are looked through; more are no type of C's */
#define MOST_NAMES	32

/* bytes behind a struct btf_type, by its kind; -1: not known */
static int extra(const struct btf_type *t)
{
	int n = BTF_INFO_VLEN(t->info);

	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	case BTF_KIND_INT:
		return sizeof(u32);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return n * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return n * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:
		return n * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO:
		return n * sizeof(struct btf_param);
	case BTF_KIND_VAR:
		return sizeof(struct btf_var);
	case BTF_KIND_DATASEC:
		return n * sizeof(struct btf_var_secinfo);
	case BTF_KIND_DECL_TAG:
		return sizeof(struct btf_decl_tag);
	}
	return -1;
}

/* where each type begins; a kind that is not known hides where the next one does */
static int index_types(struct lw_btf *b, u32 len)
{
	u32 at = 0;

	while (at < len) {
		const struct btf_type *t = (const void *)(b->types + at);
		int more;

		if (len - at < sizeof(*t))
			return -EINVAL;
		more = extra(t);
		if (more < 0)
			return -EOPNOTSUPP;
		if (len - at - sizeof(*t) < more)
			return -EINVAL;
		b->at[b->end++ - b->first] = at;
		at += sizeof(*t) + more;
	}
	return 0;
}

/**
 * lw_btf_init() - index type information
 * @b: takes the index
 * @data: the type information, which stays where it is until lw_btf_exit()
 * @size: its bytes
 * @base: what it continues, or NULL
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error: it is damaged, or of a kind that is not known.
 */
int lw_btf_init(struct lw_btf *b, const void *data, size_t size,
		const struct lw_btf *base)
{
	const struct btf_header *h = data;
	size_t left;
	int err;

	memset(b, 0, sizeof(*b));
	if (size < HEADER_BYTES ||
	    h->magic != BTF_MAGIC || h->version != BTF_VERSION ||
	    h->hdr_len < HEADER_BYTES || h->hdr_len > size)
		return -EINVAL;
	left = size - h->hdr_len;
	if (h->type_off > left || h->type_len > left - h->type_off ||
	    h->str_off > left || h->str_len > left - h->str_off ||
	    h->hdr_len % sizeof(u32) || h->type_off % sizeof(u32) || !h->type_len)
		return -EINVAL;
	b->types = (const char *)data + h->hdr_len + h->type_off;
	b->strings = (const char *)data + h->hdr_len + h->str_off;
	b->strings_len = h->str_len;
	if (!b->strings_len || b->strings[b->strings_len - 1])
		return -EINVAL;
	b->base = base;
	/* type 0 is void, and has no entry */
	b->first = base ? base->end : 1;
	b->first_string = base ? base->first_string + base->strings_len : 0;
	b->end = b->first;
	b->at = kvcalloc(h->type_len / sizeof(struct btf_type), sizeof(*b->at), LW_GFP);
	if (!b->at)
		return -ENOMEM;
	err = index_types(b, h->type_len);
	if (err)
		lw_btf_exit(b);
	return err;
}

/**
 * lw_btf_exit() - give the index back
 * @b: the index; all zeroes: nothing happens
 */
void lw_btf_exit(struct lw_btf *b)
{
	kvfree(b->at);
	memset(b, 0, sizeof(*b));
}

static const struct btf_type *type_at(const struct lw_btf *b, u32 id)
{
	return (const void *)(b->types + b->at[id - b->first]);
}

/* a type by its number; NULL: it is void, or no type has that number */
static const struct btf_type *get_type(const struct lw_btf *b, u32 id)
{
	for (; b; b = b->base)
		if (id >= b->first)
			return id < b->end ? type_at(b, id) : NULL;
	return NULL;
}

static const char *get_name(const struct lw_btf *b, const struct btf_type *t)
{
	for (; b; b = b->base)
		if (t->name_off >= b->first_string)
			return t->name_off - b->first_string < b->strings_len ?
				       b->strings + (t->name_off - b->first_string) : "";
	return "";
}

static u32 kind(const struct btf_type *t)
{
	return t ? BTF_INFO_KIND(t->info) : BTF_KIND_UNKN;
}

/* the type itself, without the names and qualifiers that it has */
static const struct btf_type *resolve(const struct lw_btf *b, u32 id)
{
	unsigned int i;

	for (i = 0; i < MOST_NAMES; i++) {
		const struct btf_type *t = get_type(b, id);

		switch (kind(t)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			id = t->type;
			break;
		default:
			return t;
		}
	}
	return NULL;
}

/* is @text "struct @name *"? */
static bool points_to(const char *text, const char *name)
{
	static const char begin[] = "struct ";
	size_t len = strlen(name);

	return !strncmp(text, begin, sizeof(begin) - 1) &&
	       !strncmp(text + sizeof(begin) - 1, name, len) &&
	       !strcmp(text + sizeof(begin) - 1 + len, " *");
}

static bool is_type(const struct lw_btf *b, u32 id, const struct lw_type *want)
{
	const struct btf_type *t = resolve(b, id);

	if (want->encoding != LW_TYPE_POINTER)
		return kind(t) == BTF_KIND_INT && t->size == want->size &&
		       (BTF_INT_ENCODING(*(const u32 *)(t + 1)) &
			(BTF_INT_SIGNED | BTF_INT_BOOL)) == want->encoding;
	if (kind(t) != BTF_KIND_PTR)
		return false;
	t = resolve(b, t->type);
	/* a union that is only declared is of this kind, too, with the flag */
	return (kind(t) == BTF_KIND_STRUCT ||
		(kind(t) == BTF_KIND_FWD && !BTF_INFO_KFLAG(t->info))) &&
	       points_to(want->text, get_name(b, t));
}

/* the prototype of a tracepoint's callback, or of a function, or NULL */
static const struct btf_type *find(const struct lw_btf *b, enum lw_btf_what what,
				   const char *name)
{
	static const size_t prefix = sizeof(TRACEPOINT_PREFIX) - 1;
	u32 id;

	for (id = b->first; id < b->end; id++) {
		const struct btf_type *t = type_at(b, id);
		const char *n = get_name(b, t);

		if (what == LW_BTF_FUNCTION) {
			if (kind(t) == BTF_KIND_FUNC && !strcmp(n, name))
				return get_type(b, t->type);
			continue;
		}
		if (kind(t) != BTF_KIND_TYPEDEF || strncmp(n, TRACEPOINT_PREFIX, prefix) ||
		    strcmp(n + prefix, name))
			continue;
		t = resolve(b, t->type);
		return kind(t) == BTF_KIND_PTR ? resolve(b, t->type) : NULL;
	}
	return NULL;
}

/**
 * lw_btf_compare() - does the kernel pass what a probe takes?
 * @b: the type information of where the name is defined, not that of its base
 * @what: what the name is of
 * @name: a tracepoint's or a function's name
 * @args: what the probe takes, a tracepoint's without its data; ends without a text
 * @exact: more arguments than these do not fit either; else they are passed over, as
 *         a function of C's may leave the last ones unread
 *
 * Arguments of the same types that changed places are not told from each other.
 *
 * Return: 0 if it does; the number of the first argument that does not fit, from 1;
 * -ENOENT if the name is not there with a prototype.
 */
int lw_btf_compare(const struct lw_btf *b, enum lw_btf_what what, const char *name,
		   const struct lw_type *args, bool exact)
{
	const struct btf_type *proto = find(b, what, name);
	const struct btf_param *p;
	u32 n, i;

	if (kind(proto) != BTF_KIND_FUNC_PROTO)
		return -ENOENT;
	p = (const void *)(proto + 1);
	n = BTF_INFO_VLEN(proto->info);
	/* the data that a callback was registered with */
	if (what == LW_BTF_TRACEPOINT && n) {
		p++;
		n--;
	}
	for (i = 0; args[i].text; i++)
		if (i >= n || !is_type(b, p[i].type, &args[i]))
			return i + 1;
	return exact && i < n ? i + 1 : 0;
}
