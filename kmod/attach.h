/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attaching probes to tracepoints, and letting go.
 *
 * Tracepoints are found by name, so that nothing links to a module: those of
 * the kernel proper when latwatch is loaded, those of modules (KVM's) when
 * they are loaded or come later, and until they leave.
 */
#ifndef LW_ATTACH_H
#define LW_ATTACH_H

#include <linux/types.h>

int lw_attach(void);
void lw_detach(void);

/**
 * struct lw_attached - the state of one probe
 * @tracepoint: its name
 * @cost: what is not known without it
 * @blind: stages that are blind without it, a bit each
 * @attached: whether it is
 */
struct lw_attached {
	const char *tracepoint;
	const char *cost;
	u64 blind;
	bool attached;
};

bool lw_attached_get(unsigned int index, struct lw_attached *a);
u64 lw_attached_blind(void);

#endif
