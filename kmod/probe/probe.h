/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tables of probes, one for each file of them.
 *
 * A probe translates: it takes a tracepoint's arguments and makes one call
 * into the way. Where the kernel's headers declare the tracepoint,
 * LW_PROBE_CHECK() compares the prototypes at compile time; where they do not,
 * LW_PROTOTYPE() has them compared before the probe is attached.
 */
#ifndef LW_PROBE_H
#define LW_PROBE_H

#include <linux/kprobes.h>
#include <linux/tracepoint.h>

#include "model/blind.h"
#include "probe/btf.h"
#include "probe/cost.h"

/**
 * struct lw_probe - a tracepoint and what to do about it
 * @tracepoint: its name; of a kprobe, the kernel's function that it is at the
 *              entry of
 * @function: the probe; of a kprobe, its pre_handler
 * @blind: stages that nothing is known of without it, LW_BLIND() of each
 * @cost: the same in words
 * @kind: enum latwatch_probe_kind. Kprobes are optional
 * @signals: it sets the mark of the signal
 * @args: LW_PROTOTYPE_OF() where no header declares what it takes, or NULL
 */
struct lw_probe {
	const char *tracepoint;
	void *function;
	u64 blind;
	const char *cost;
	u8 kind;
	bool signals;
	const struct lw_type *args;
};

/**
 * LW_PROBE() - define a probe, probe_@name(); its body follows
 * @name: of the tracepoint
 * @args: what the probe takes after its data, by LW_ARGS()
 *
 * The rest are the names of @args. There are two of it, as the body is inline
 * and small: one that is measured, and one that costs nothing for that.
 */
#define LW_PROBE(name, args, ...) \
	static __always_inline void on_##name(args); \
	static noinline void measure_##name(void *data, args) \
	{ \
		struct lw_cost_at cost; \
		lw_cost_begin(&cost); \
		on_##name(__VA_ARGS__); \
		lw_cost_end(&cost, (unsigned long)data); \
	} \
	static void probe_##name(void *data, args) \
	{ \
		if (static_branch_unlikely(&lw_cost_key)) \
			measure_##name(data, __VA_ARGS__); \
		else \
			on_##name(__VA_ARGS__); \
	} \
	static __always_inline void on_##name(args)

#define LW_ARGS(...)	__VA_ARGS__

/* the same of a kprobe, kprobe_@name(); its body has the registers in @regs */
#define LW_KPROBE(name) \
	static __always_inline void on_##name(struct pt_regs *regs); \
	static int kprobe_##name(struct kprobe *k, struct pt_regs *regs) \
	{ \
		struct lw_cost_at cost; \
		if (!static_branch_unlikely(&lw_cost_key)) { \
			on_##name(regs); \
			return 0; \
		} \
		lw_cost_begin(&cost); \
		on_##name(regs); \
		lw_cost_end(&cost, lw_kprobe_index(k)); \
		return 0; \
	} \
	static __always_inline void on_##name(struct pt_regs *regs)

/* attach.c: which probe this is, as tracepoints' have it in their data */
unsigned long lw_kprobe_index(const struct kprobe *k);

/* takes a semicolon */
#define LW_PROBE_CHECK(name) \
	static inline void __maybe_unused lw_check_##name(void) \
	{ \
		check_trace_callback_type_##name(probe_##name); \
	} \
	static_assert(true)

/* the same for a kprobe; @type: the function's, as its pre_handler takes it */
#define LW_KPROBE_CHECK(name, type) \
	static_assert(__same_type(name, type), #name "() has changed")

/**
 * LW_PROTOTYPE() - what a probe takes whose tracepoint no header declares
 * @name: of the tracepoint
 *
 * The rest are the types of its arguments, see LW_TYPES().
 */
#define LW_PROTOTYPE(name, ...) \
	static_assert(__same_type(probe_##name, void (void *, __VA_ARGS__))); \
	static const struct lw_type lw_args_##name[] = LW_TYPES(__VA_ARGS__)

/* the same for a kprobe: of the function's arguments those up to the last that it reads */
#define LW_KPROBE_PROTOTYPE(name, ...) \
	static const struct lw_type lw_args_##name[] = LW_TYPES(__VA_ARGS__)

#define LW_PROTOTYPE_OF(name)	.args = lw_args_##name

/* each ends with an entry without a name */
extern const struct lw_probe lw_probes_irq[];
extern const struct lw_probe lw_probes_sched[];
extern const struct lw_probe lw_probes_net[];
extern const struct lw_probe lw_probes_xdp[];
extern const struct lw_probe lw_probes_culprit[];

#endif
