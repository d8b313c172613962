// SPDX-License-Identifier: GPL-2.0
/*
 * The ways that a report has anything of, in the order in which every view shows
 * them: for each VM the way into it and out of it, then what is the host's.  Takes
 * the model, gives to the views.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/latwatch.h>

#include "derive.h"
#include "section.h"
#include "view.h"

struct list {
	struct lw_section *section;
	size_t nr;
	bool failed;
};

static void add(struct list *list, const struct lw_report_vm *vm, uint32_t path,
		enum lw_section_kind kind)
{
	struct lw_section *section =
		lw_array_add(&list->section, &list->nr, sizeof(*section));

	if (section)
		*section = (struct lw_section){ vm, path, kind };
	else
		list->failed = true;
}

/* Whether packets took a path, or may have unseen. */
static bool is_taken(const struct lw_report *report, const struct lw_report_vm *vm,
		     uint32_t path, bool or_blind)
{
	const struct lw_report_stage *stage = NULL;

	while ((stage = lw_report_next_stage(report, vm, path, stage)))
		if (stage->count.v || (or_blind && lw_stage_is_blind(stage)))
			return true;
	return lw_ledger_has(lw_report_find_ledger(report, vm), path, true);
}

/* What was counted for VMs whose place another one took is the host's. */
static bool has_forgotten(const struct lw_report *report, uint32_t path)
{
	const struct lw_report_stage *stage = NULL;

	while ((stage = lw_report_next_stage(report, NULL, path, stage)))
		if (!(stage->flags & LATWATCH_STAGE_FLAGS_HOST) &&
		    stage->count.v)
			return true;
	return false;
}

/*
 * The way into a VM is there even if nothing took it yet, unless the VM has a
 * device of its own instead.
 */
static void add_vm(struct list *list, const struct lw_report *report,
		   const struct lw_report_vm *vm)
{
	bool device = is_taken(report, vm, LATWATCH_PATH_DEVICE, false);

	if (!lw_vm_is_seen(report, vm)) {
		add(list, vm, LATWATCH_PATH_RX, LW_SECTION_UNSEEN);
		return;
	}
	if (!device || vm->nr_taps ||
	    lw_ledger_has(lw_report_find_ledger(report, vm),
			  LATWATCH_PATH_RX, true))
		add(list, vm, LATWATCH_PATH_RX, LW_SECTION_VM);
	if (is_taken(report, vm, LATWATCH_PATH_TX, !device))
		add(list, vm, LATWATCH_PATH_TX, LW_SECTION_VM);
	if (device)
		add(list, vm, LATWATCH_PATH_DEVICE, LW_SECTION_VM);
}

/* What VMs sent, or got from devices of their own. */
static void add_of_vms(struct list *list, const struct lw_report *report,
		       uint32_t path)
{
	if (is_taken(report, NULL, path, false))
		add(list, NULL, path, has_forgotten(report, path) ?
					      LW_SECTION_FORGOTTEN :
					      LW_SECTION_BOOKS);
}

static void add_own(struct list *list, const struct lw_report *report,
		    uint32_t path)
{
	if (is_taken(report, NULL, path, false))
		add(list, NULL, path, LW_SECTION_OWN);
}

/**
 * lw_sections - list the ways that a report has anything of
 * @report: the report, settled
 * @sections: is set, to be freed
 * @nr: is set to how many
 *
 * Return: 0, or -ENOMEM.
 */
int lw_sections(const struct lw_report *report, struct lw_section **sections,
		size_t *nr)
{
	struct list list = { 0 };
	size_t i;

	for (i = 0; i < report->nr_vms; i++)
		if (lw_report_shows(report, &report->vms[i]))
			add_vm(&list, report, &report->vms[i]);
	add(&list, NULL, LATWATCH_PATH_RX,
	    has_forgotten(report, LATWATCH_PATH_RX) ? LW_SECTION_FORGOTTEN :
	    list.nr				    ? LW_SECTION_BOOKS :
						      LW_SECTION_NO_VM);
	add_of_vms(&list, report, LATWATCH_PATH_TX);
	add_of_vms(&list, report, LATWATCH_PATH_DEVICE);
	add_own(&list, report, LATWATCH_PATH_LOCAL);
	add_own(&list, report, LATWATCH_PATH_READER);
	if (list.failed) {
		free(list.section);
		return -ENOMEM;
	}
	*sections = list.section;
	*nr = list.nr;
	return 0;
}

/**
 * lw_section_has_stages - whether a way has stages that no other section shows
 * @section: the way
 *
 * Return: false where there are books alone.
 */
bool lw_section_has_stages(const struct lw_section *section)
{
	return section->kind != LW_SECTION_BOOKS && section->kind != LW_SECTION_UNSEEN;
}

/**
 * lw_section_print_title - the few words that name a way
 * @section: the way
 * @out: where to
 */
void lw_section_print_title(const struct lw_section *section, FILE *out)
{
	if (section->vm)
		lw_print_way(section->vm, section->path, out);
	else
		lw_print_host(section->path, out);
}
