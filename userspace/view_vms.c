// SPDX-License-Identifier: GPL-2.0
/*
 * The list of VMs, for those who want to name one.  Takes the model, prints.
 */
#include <inttypes.h>
#include <stdio.h>

#include "format.h"
#include "view.h"

/* Shows the list; see lw_view. */
int lw_view_vms(const struct lw_report *report,
		const struct lw_view_options *options, FILE *out)
{
	char text[LW_TEXT_SIZE];
	size_t i, j;

	(void)options;
	if (!report->nr_vms) {
		fputs("no VM was seen\n", out);
		return 0;
	}
	fprintf(out, "%5s %8s  %-16s %5s %8s  %-19s  %s\n", "id", "pid", "comm",
		"vCPUs", "backends", "since", "taps");
	for (i = 0; i < report->nr_vms; i++) {
		const struct lw_report_vm *vm = &report->vms[i];
		char pid[24] = "-";

		if (!lw_report_shows(report, vm))
			continue;
		/* Without commas: it is there to be copied. */
		if (vm->pid.known)
			snprintf(pid, sizeof(pid), "%" PRIu64, vm->pid.v);
		fprintf(out, "%5u %8s  %-16s", vm->id, pid,
			lw_text_plain(text, vm->comm));
		fprintf(out, " %5s", lw_text_count(text, vm->vcpus));
		fprintf(out, " %8s", lw_text_count(text, vm->backends));
		fprintf(out, "  %-19s  ",
			lw_text_when(text, report, vm->since_ns, false));
		for (j = 0; j < vm->nr_taps; j++)
			fprintf(out, "%s%s", j ? "," : "",
				lw_text_plain(text, vm->taps[j]));
		fprintf(out, "%s%s\n", j ? "" : "-", vm->gone ? "  gone" : "");
	}
	return 0;
}
