// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel's type information says of a tracepoint, against type information
 * that libbpf writes, and against damage of it.
 */
#include <bpf/btf.h>
#include <errno.h>
#include <linux/slab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/btf.h"
#include "ktap.h"

unsigned int shim_alloc_fails;

/* the kernel's integers and a structure, each once; what a module continues */
struct kernel {
	struct btf *btf;
	int u8, u16, u32, u64, s32, boolean, vcpu, pvoid, pvcpu;
};

static void make_kernel(struct kernel *k)
{
	int u8, u16, u32;

	k->btf = btf__new_empty();
	u8 = btf__add_int(k->btf, "unsigned char", 1, 0);
	u16 = btf__add_int(k->btf, "short unsigned int", 2, 0);
	u32 = btf__add_int(k->btf, "unsigned int", 4, 0);
	k->u64 = btf__add_int(k->btf, "long unsigned int", 8, 0);
	k->s32 = btf__add_int(k->btf, "int", 4, BTF_INT_SIGNED);
	k->boolean = btf__add_typedef(k->btf, "bool",
				      btf__add_int(k->btf, "_Bool", 1, BTF_INT_BOOL));
	k->u8 = btf__add_typedef(k->btf, "u8", btf__add_typedef(k->btf, "__u8", u8));
	k->u16 = btf__add_typedef(k->btf, "u16", u16);
	k->u32 = btf__add_typedef(k->btf, "u32", u32);
	/* each kind once: all have to be passed over */
	btf__add_array(k->btf, u32, k->s32, 4);
	btf__add_union(k->btf, "either", 4);
	btf__add_field(k->btf, "a", u32, 0, 0);
	btf__add_field(k->btf, "b", k->s32, 0, 0);
	btf__add_enum(k->btf, "few", 4);
	btf__add_enum_value(k->btf, "one", 1);
	btf__add_enum64(k->btf, "many", 8, false);
	btf__add_enum64_value(k->btf, "two", 2);
	btf__add_float(k->btf, "double", 8);
	btf__add_var(k->btf, "jiffies", BTF_VAR_GLOBAL_ALLOCATED, k->u64);
	btf__add_datasec(k->btf, ".data..percpu", 8);
	btf__add_datasec_var_info(k->btf, 1, 0, 8);
	btf__add_volatile(k->btf, k->u64);
	btf__add_restrict(k->btf, k->u64);
	btf__add_decl_tag(k->btf, "tag", k->u32, -1);
	k->vcpu = btf__add_struct(k->btf, "kvm_vcpu", 8);
	btf__add_field(k->btf, "id", k->s32, 0, 0);
	k->pvoid = btf__add_ptr(k->btf, 0);
	k->pvcpu = btf__add_ptr(k->btf, k->vcpu);
}

/* a tracepoint as the kernel declares it; ends with 0 */
static void add_tracepoint(struct btf *btf, const char *name, const int *args)
{
	char text[64];
	int proto = btf__add_func_proto(btf, 0);

	for (; *args; args++)
		btf__add_func_param(btf, NULL, *args);
	snprintf(text, sizeof(text), "btf_trace_%s", name);
	btf__add_typedef(btf, text, btf__add_ptr(btf, proto));
}

/* bytes of @btf; a copy, so that the sanitizers watch its end */
static void *bytes_of(struct btf *btf, u32 *size)
{
	const void *data = btf__raw_data(btf, size);

	return memcpy(malloc(*size), data, *size);
}

static const struct lw_type exits[] = LW_TYPES(struct kvm_vcpu *, u32);
static const struct lw_type accepts[] = LW_TYPES(u32, u16, u16, u8);
static const struct lw_type injects[] = LW_TYPES(unsigned int, bool, bool);
static const struct lw_type ends[] = LW_TYPES(int, unsigned int, unsigned long);

/* what lw_btf_compare() says of a kernel whose tracepoint has @args */
static int compare(struct kernel *k, const int *args, const struct lw_type *want, bool exact)
{
	struct lw_btf b;
	int result;
	void *data;
	u32 size;

	add_tracepoint(k->btf, "kvm_it", args);
	data = bytes_of(k->btf, &size);
	EXPECT_EQ(lw_btf_init(&b, data, size, NULL), 0);
	result = lw_btf_compare(&b, LW_BTF_TRACEPOINT, "kvm_it", want, exact);
	lw_btf_exit(&b);
	free(data);
	btf__free(k->btf);
	return result;
}

static void the_same_fits(void)
{
	struct kernel k;

	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.pvcpu, k.u32, 0 }, exits, true), 0);
	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.u32, k.u16, k.u16, k.u8, 0 }, accepts, true), 0);
	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.u32, k.boolean, k.boolean, 0 },
			  injects, true), 0);
	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.s32, k.u32, k.u64, 0 }, ends, true), 0);
}

static void names_and_qualifiers_are_no_matter(void)
{
	struct kernel k;
	int arg;

	make_kernel(&k);
	arg = btf__add_ptr(k.btf, btf__add_const(k.btf, k.vcpu));
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, arg, k.u32, 0 }, exits, true), 0);
	make_kernel(&k);
	arg = btf__add_ptr(k.btf, btf__add_type_tag(k.btf, "rcu", k.vcpu));
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, arg, k.u32, 0 }, exits, true), 0);
	make_kernel(&k);
	arg = btf__add_typedef(k.btf, "reason_t", k.u32);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.pvcpu, arg, 0 }, exits, true), 0);
	/* a structure that is declared only */
	make_kernel(&k);
	arg = btf__add_ptr(k.btf, btf__add_fwd(k.btf, "kvm_vcpu", BTF_FWD_STRUCT));
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, arg, k.u32, 0 }, exits, true), 0);
}

static void a_size_that_changed(void)
{
	struct kernel k;

	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.pvcpu, k.u64, 0 }, exits, false), 2);
	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.u32, k.u16, k.u16, k.u32, 0 },
			  accepts, false), 4);
}

static void a_sign_that_changed(void)
{
	struct kernel k;

	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.pvcpu, k.s32, 0 }, exits, false), 2);
	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.u32, k.u8, k.boolean, 0 }, injects, false), 2);
}

static void a_pointer_that_changed(void)
{
	struct kernel k;
	int arg;

	make_kernel(&k);
	arg = btf__add_ptr(k.btf, btf__add_struct(k.btf, "kvm", 8));
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, arg, k.u32, 0 }, exits, false), 1);
	/* a name that begins alike */
	make_kernel(&k);
	arg = btf__add_ptr(k.btf, btf__add_struct(k.btf, "kvm_vcpu_arch", 8));
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, arg, k.u32, 0 }, exits, false), 1);
	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.pvoid, k.u32, 0 }, exits, false), 1);
	make_kernel(&k);
	arg = btf__add_ptr(k.btf, k.pvcpu);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, arg, k.u32, 0 }, exits, false), 1);
	make_kernel(&k);
	arg = btf__add_ptr(k.btf, btf__add_fwd(k.btf, "kvm_vcpu", BTF_FWD_UNION));
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, arg, k.u32, 0 }, exits, false), 1);
	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.u64, k.u32, 0 }, exits, false), 1);
}

static void an_integer_became_a_pointer(void)
{
	struct kernel k;
	int arg;

	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.s32, k.u32, k.pvcpu, 0 }, ends, false), 3);
	/* to the type of this number, which is where an integer has its bytes */
	make_kernel(&k);
	arg = btf__add_ptr(k.btf, 8);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.s32, k.u32, arg, 0 }, ends, false), 3);
}

static void an_argument_in_between(void)
{
	struct kernel k;

	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.boolean, k.pvcpu, k.u32, 0 }, exits, false), 1);
}

static void an_argument_that_is_gone(void)
{
	struct kernel k;

	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.pvcpu, 0 }, exits, false), 2);
	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, 0 }, exits, false), 1);
	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ 0 }, exits, false), 1);
}

static void one_more_fits_where_calls_are_not_compared(void)
{
	struct kernel k;

	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.pvcpu, k.u32, k.boolean, 0 },
			  exits, false), 0);
	make_kernel(&k);
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.pvcpu, k.u32, k.boolean, 0 },
			  exits, true), 3);
}

static void a_type_that_names_itself(void)
{
	struct kernel k;
	int arg;

	make_kernel(&k);
	/* the next type is the one that this is */
	arg = btf__add_typedef(k.btf, "round", btf__type_cnt(k.btf));
	EXPECT_EQ(compare(&k, (int[]){ k.pvoid, k.pvcpu, arg, 0 }, exits, false), 2);
}

/* @module continues @kernel, as KVM's does that of the kernel proper */
static void a_module_continues_the_kernel(void)
{
	void *base_data, *data;
	struct lw_btf base, b;
	struct btf *module;
	u32 base_size, size;
	struct kernel k;
	int own;

	make_kernel(&k);
	add_tracepoint(k.btf, "sched_waking", (int[]){ k.pvoid, k.pvcpu, 0 });
	module = btf__new_empty_split(k.btf);
	own = btf__add_ptr(module, btf__add_struct(module, "kvm_vcpu", 8));
	add_tracepoint(module, "kvm_exit", (int[]){ k.pvoid, own, k.u32, 0 });
	add_tracepoint(module, "kvm_inj_virq", (int[]){ k.pvoid, k.u32, k.boolean, k.u8, 0 });
	base_data = bytes_of(k.btf, &base_size);
	data = bytes_of(module, &size);

	EXPECT_EQ(lw_btf_init(&base, base_data, base_size, NULL), 0);
	EXPECT_EQ(lw_btf_init(&b, data, size, &base), 0);
	EXPECT_EQ(lw_btf_compare(&b, LW_BTF_TRACEPOINT, "kvm_exit", exits, true), 0);
	EXPECT_EQ(lw_btf_compare(&b, LW_BTF_TRACEPOINT, "kvm_inj_virq", injects, true), 3);
	EXPECT(lw_btf_compare(&b, LW_BTF_TRACEPOINT, "kvm_entry", exits, true) == -ENOENT);
	lw_btf_exit(&b);
	lw_btf_exit(&base);
	free(data);
	free(base_data);
	btf__free(module);
	btf__free(k.btf);
}

static void a_function_has_no_data(void)
{
	static const struct lw_type queues[] = LW_TYPES(struct kvm_vcpu *, unsigned int);
	struct lw_btf b;
	struct kernel k;
	void *data;
	int proto;
	u32 size;

	make_kernel(&k);
	proto = btf__add_func_proto(k.btf, k.boolean);
	btf__add_func_param(k.btf, "vcpu", k.pvcpu);
	btf__add_func_param(k.btf, "n", k.u32);
	btf__add_func_param(k.btf, "flags", k.u64);
	btf__add_func(k.btf, "queue", BTF_FUNC_STATIC, proto);
	data = bytes_of(k.btf, &size);
	EXPECT_EQ(lw_btf_init(&b, data, size, NULL), 0);
	EXPECT_EQ(lw_btf_compare(&b, LW_BTF_FUNCTION, "queue", queues, false), 0);
	EXPECT_EQ(lw_btf_compare(&b, LW_BTF_FUNCTION, "queue", accepts, false), 1);
	EXPECT(lw_btf_compare(&b, LW_BTF_FUNCTION, "kvm_vcpu", queues, false) == -ENOENT);
	EXPECT(lw_btf_compare(&b, LW_BTF_TRACEPOINT, "queue", queues, false) == -ENOENT);
	lw_btf_exit(&b);
	free(data);
	btf__free(k.btf);
}

/* is refused, or indexed without a look behind its end */
static int try(const void *data, u32 size)
{
	void *copy = memcpy(malloc(size ?: 1), data, size);
	struct lw_btf b;
	int err = lw_btf_init(&b, copy, size, NULL);

	if (!err)
		lw_btf_compare(&b, LW_BTF_TRACEPOINT, "kvm_it", exits, true);
	lw_btf_exit(&b);
	free(copy);
	return err;
}

static void damage_is_refused(void)
{
	struct btf_header *h;
	struct kernel k;
	u8 *data;
	u32 size, i;

	make_kernel(&k);
	add_tracepoint(k.btf, "kvm_it", (int[]){ k.pvoid, k.pvcpu, k.u32, 0 });
	data = bytes_of(k.btf, &size);
	h = (void *)data;
	EXPECT_EQ(try(data, size), 0);
	/* libbpf puts the names last: all of them are needed */
	for (i = 0; i < size; i++)
		EXPECT(try(data, i) == -EINVAL);
	/* any byte may be anything */
	for (i = 0; i < size; i++) {
		u8 kept = data[i];

		data[i] ^= 0xff;
		try(data, size);
		data[i] = kept;
	}
	h->version++;
	EXPECT(try(data, size) == -EINVAL);
	h->version--;
	h->type_len--;
	EXPECT(try(data, size) == -EINVAL);
	free(data);
	btf__free(k.btf);
}

static void a_kind_that_is_not_known(void)
{
	struct btf_type *t;
	struct kernel k;
	void *data;
	u32 size;

	make_kernel(&k);
	data = bytes_of(k.btf, &size);
	t = data + sizeof(struct btf_header);
	t->info = 31U << 24;
	EXPECT(try(data, size) == -EOPNOTSUPP);
	free(data);
	btf__free(k.btf);
}

static void no_memory(void)
{
	struct kernel k;
	void *data;
	u32 size;

	make_kernel(&k);
	data = bytes_of(k.btf, &size);
	shim_alloc_fails = 1;
	EXPECT(try(data, size) == -ENOMEM);
	free(data);
	btf__free(k.btf);
}

static const struct ktap_test tests[] = {
	TEST(the_same_fits),
	TEST(names_and_qualifiers_are_no_matter),
	TEST(a_size_that_changed),
	TEST(a_sign_that_changed),
	TEST(a_pointer_that_changed),
	TEST(an_integer_became_a_pointer),
	TEST(an_argument_in_between),
	TEST(an_argument_that_is_gone),
	TEST(one_more_fits_where_calls_are_not_compared),
	TEST(a_type_that_names_itself),
	TEST(a_module_continues_the_kernel),
	TEST(a_function_has_no_data),
	TEST(damage_is_refused),
	TEST(a_kind_that_is_not_known),
	TEST(no_memory),
};

KTAP_MAIN(tests)
