/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_SECTION_H
#define LW_SECTION_H

#include <stdio.h>

#include "model.h"

enum lw_section_kind {
	LW_SECTION_VM,		/* a VM's: stages and books */
	LW_SECTION_UNSEEN,	/* a VM of which nothing was recognised */
	LW_SECTION_BOOKS,	/* the host's, of all VMs: its stages are in theirs */
	LW_SECTION_FORGOTTEN,	/* the same, with stages of VMs that are forgotten */
	LW_SECTION_NO_VM,	/* the host's, before any VM was seen */
	LW_SECTION_OWN,		/* what the host's own processes send and read */
};

/**
 * struct lw_section - one way of one owner
 * @vm: the VM, or NULL for the host
 * @path: enum latwatch_path
 * @kind: what there is of it
 */
struct lw_section {
	const struct lw_report_vm *vm;
	uint32_t path;
	enum lw_section_kind kind;
};

int lw_sections(const struct lw_report *report, struct lw_section **sections,
		size_t *nr);
bool lw_section_has_stages(const struct lw_section *section);
void lw_section_print_title(const struct lw_section *section, FILE *out);

#endif
