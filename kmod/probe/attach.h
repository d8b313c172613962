/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attaching probes to tracepoints, and letting go.
 *
 * Where a kernel has no tracepoint for what must be seen, a kprobe takes its
 * place. Only functions of the kernel proper have any: nothing waits for a
 * module.
 *
 * Tracepoints are found by name, so that nothing links to a module: those of
 * the kernel proper when latwatch is loaded, those of modules (KVM's) when
 * they are loaded or come later, and until they leave.
 */
#ifndef LW_ATTACH_H
#define LW_ATTACH_H

#include <linux/types.h>
#include <uapi/linux/latwatch.h>

int lw_attach(bool kprobes);
void lw_detach(void);
void lw_probes_wait(void);

/**
 * struct lw_attached - the state of one probe
 * @tracepoint: its name
 * @cost: what is not known without it
 * @attached: whether it is
 * @kind: enum latwatch_probe_kind
 * @checked: @prototype is known
 * @prototype: what the running kernel's type information says of its arguments
 * @missed: of a kprobe, calls that it did not see
 */
struct lw_attached {
	const char *tracepoint;
	const char *cost;
	bool attached;
	u8 kind;
	bool checked;
	enum latwatch_prototype prototype;
	unsigned long missed;
};

bool lw_attached_get(unsigned int index, struct lw_attached *a);
u64 lw_attached_blind(void);
bool lw_attached_signal(enum latwatch_signal_source *source);

#endif
