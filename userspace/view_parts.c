// SPDX-License-Identifier: GPL-2.0
/*
 * Lines that more than one view of text has.  Takes the model, prints.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linux/latwatch.h>

#include "color.h"
#include "format.h"
#include "view.h"

/* More probes than this are not named in a row. */
#define MOST_NAMED 2

/**
 * lw_print_plain - print received text of any length, safe on a terminal
 * @out: where to
 * @received: the text, or NULL
 */
void lw_print_plain(FILE *out, const char *received)
{
	if (!received || !received[0])
		received = "-";
	for (; *received; received++)
		fputc(*received < 0x20 || *received > 0x7e ? '?' : *received,
		      out);
}

/*
 * Why a blind stage is blind.  Which of several probes it lacks is not
 * told; the head of the page lists them with what each costs.
 */
void lw_print_lacks(const struct lw_info *info, FILE *out)
{
	size_t missing = 0, changed = 0, named = 0, i;

	for (i = 0; i < info->nr_tracepoints; i++) {
		missing += !info->tracepoints[i].attached;
		changed += lw_has_changed(&info->tracepoints[i]);
	}
	if (!missing || missing > MOST_NAMED) {
		fputs("a probe is missing, see above", out);
		return;
	}
	for (i = 0; i < info->nr_tracepoints; i++) {
		if (info->tracepoints[i].attached)
			continue;
		fputs(named++ ? " or " : "", out);
		lw_print_plain(out, info->tracepoints[i].name);
	}
	fputs(changed == missing ? " changed" : " missing", out);
}

/* What was begun in color, to the end of the line. */
static void end_line(FILE *out)
{
	lw_color_end(out);
	fputc('\n', out);
}

static void print_missing(const struct lw_info *info, FILE *out)
{
	char text[LW_TEXT_SIZE];
	size_t i;

	for (i = 0; i < info->nr_tracepoints; i++) {
		const struct lw_tracepoint *point = &info->tracepoints[i];

		if (point->missed.known && point->missed.v) {
			lw_color_begin(LW_HUE_NOTE, out);
			fprintf(out, "note    %s calls of ",
				lw_text_count(text, point->missed));
			lw_print_plain(out, point->name);
			fputs(" were not seen", out);
			end_line(out);
		}
		if (point->attached)
			continue;
		lw_color_begin(LW_HUE_NOTE, out);
		fputs(lw_has_changed(point) ? "changed " : "missing ", out);
		fputs(lw_is_kprobe(point) ? "kprobe " : "", out);
		lw_print_plain(out, point->name);
		if (lw_has_changed(point))
			fputs(", which this kernel calls with other arguments", out);
		if (point->cost) {
			fputs(": ", out);
			lw_print_plain(out, point->cost);
		}
		end_line(out);
	}
}

/* What may be read wrongly, as this kernel does not tell what it passes. */
static void print_unchecked(const struct lw_info *info, FILE *out)
{
	size_t named = 0, i;

	for (i = 0; i < info->nr_tracepoints; i++) {
		if (!lw_is_unchecked(&info->tracepoints[i]))
			continue;
		if (!named++)
			lw_color_begin(LW_HUE_NOTE, out);
		fputs(named == 1 ? "note    not compared with this kernel's type information: " :
				   ", ", out);
		lw_print_plain(out, info->tracepoints[i].name);
	}
	if (named)
		end_line(out);
}

/* A table that is nearly full will soon cost packets their account. */
static void print_full_tables(const struct lw_info *info, FILE *out)
{
	char text[LW_TEXT_SIZE], used[LW_TEXT_SIZE], size[LW_TEXT_SIZE];
	size_t i;

	for (i = 0; i < info->nr_limits; i++) {
		const struct lw_limit *limit = &info->limits[i];

		if (!limit->used.known || !limit->size.known ||
		    limit->used.v < limit->size.v - limit->size.v / 4)
			continue;
		lw_color_begin(LW_HUE_NOTE, out);
		fprintf(out, "table   %s: %s of %s in use, see its module parameter",
			lw_text_plain(text, limit->name),
			lw_text_count(used, limit->used),
			lw_text_count(size, limit->size));
		end_line(out);
	}
}

/**
 * lw_print_header - what was attached to which kernel since when
 * @report: the report
 * @out: where to
 */
void lw_print_header(const struct lw_report *report, FILE *out)
{
	const struct lw_info *info = &report->info;
	size_t attached[2] = { 0 }, all[2] = { 0 }, i;
	char text[LW_TEXT_SIZE];

	for (i = 0; i < info->nr_tracepoints; i++) {
		bool kprobe = lw_is_kprobe(&info->tracepoints[i]);

		all[kprobe]++;
		attached[kprobe] += info->tracepoints[i].attached;
	}
	fprintf(out, "latwatch %s", lw_text_plain(text, info->version));
	fprintf(out, "   %s%s", lw_text_plain(text, info->kernel),
		info->preempt_rt ? " PREEMPT_RT" : "");
	fprintf(out, "   clock %s", lw_text_plain(text, info->clock));
	if (report->clocksource)
		fprintf(out, "/%s", lw_text_plain(text, report->clocksource));
	if (info->off)
		fputs("   measuring is off", out);
	else
		fprintf(out, "   %zu of %zu tracepoints", attached[0], all[0]);
	if (all[1] && !info->off)
		fprintf(out, ", %zu of %zu kprobes", attached[1], all[1]);
	if (info->signal_source.known &&
	    info->signal_source.v == LATWATCH_SIGNAL_SOURCE_INFERRED)
		fputs(", signals inferred", out);
	fprintf(out, "   since %s",
		lw_text_when(text, report, info->since, false));
	if (info->now.known && info->since.known &&
	    info->now.v >= info->since.v)
		fprintf(out, " (%s)",
			lw_text_duration(text, info->now.v - info->since.v));
	fputc('\n', out);
	if (!info->off) {
		print_missing(info, out);
		print_unchecked(info, out);
	}
	print_full_tables(info, out);
	if (!report->interrupted)
		return;
	lw_color_begin(LW_HUE_NOTE, out);
	fputs("note    interrupted by a change: the figures may not be of one moment",
	      out);
	end_line(out);
}

static void print_taps(const struct lw_report_vm *vm, FILE *out)
{
	char text[LW_TEXT_SIZE];
	size_t i;

	for (i = 0; i < vm->nr_taps; i++)
		fprintf(out, "%s%s", i ? "," : "",
			lw_text_plain(text, vm->taps[i]));
}

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* What all taps of the VM share: where packets come from, and by what. */
static void print_sources(const struct lw_report_vm *vm, FILE *out)
{
	const struct lw_way *first = vm->ways;
	bool source = true, over = true, several = false;
	char text[LW_TEXT_SIZE];
	size_t i;

	if (!vm->nr_ways)
		return;
	for (i = 0; i < vm->nr_ways; i++) {
		source &= same(vm->ways[i].source, first->source);
		over &= same(vm->ways[i].over, first->over);
		several |= vm->ways[i].several;
	}
	if (source)
		fprintf(out, "%s%s > ", lw_text_plain(text, first->source),
			several ? ",.." : "");
	if (over)
		fprintf(out, "%s > ", lw_text_plain(text, first->over));
}

/* Who serves the VM's taps, as far as that is of one kind. */
static void print_backend(const struct lw_report_vm *vm, const char *before,
			  const char *after, FILE *out)
{
	if (!vm->workers.known || !vm->backends.v)
		return;
	if (vm->workers.v == vm->backends.v)
		fprintf(out, "%svhost%s", before, after);
	else if (!vm->workers.v)
		fprintf(out, "%sVMM%s", before, after);
}

/**
 * lw_print_way - the devices and tasks that a VM's packets pass
 * @vm: the VM
 * @path: enum latwatch_path
 * @out: where to
 */
void lw_print_way(const struct lw_report_vm *vm, uint32_t path, FILE *out)
{
	fprintf(out, "%s  ", lw_name_path(path));
	if (path == LATWATCH_PATH_RX) {
		print_sources(vm, out);
		print_taps(vm, out);
		fputs(vm->nr_taps ? " > " : "", out);
		print_backend(vm, "", " > ", out);
	}
	fprintf(out, "VM %u", vm->id);
	if (path == LATWATCH_PATH_TX) {
		print_backend(vm, " > ", "", out);
		fputs(vm->nr_taps ? " > " : "", out);
		print_taps(vm, out);
	}
}

/**
 * lw_print_facts - which process a VM is, and what it is made of
 * @report: the report
 * @vm: the VM
 * @path: enum latwatch_path
 * @out: where to
 */
void lw_print_facts(const struct lw_report *report, const struct lw_report_vm *vm,
		    uint32_t path, FILE *out)
{
	const struct lw_report_ledger *ledger = lw_report_find_ledger(report, vm);
	bool of_device = path == LATWATCH_PATH_DEVICE;
	char text[LW_TEXT_SIZE];
	struct lw_report_books books;
	struct lw_value opened;

	if (vm->pid.known)
		fprintf(out, "  pid %" PRIu64, vm->pid.v);
	if (vm->comm)
		fprintf(out, " %s", lw_text_plain(text, vm->comm));
	if (vm->vcpus.known)
		fprintf(out, "  vCPUs %" PRIu64, vm->vcpus.v);
	if (vm->backends.known)
		fprintf(out, "  backends %" PRIu64, vm->backends.v);
	if (vm->gone)
		fputs("  gone", out);
	lw_ledger_books(ledger, path, &books);
	opened = books.head[LATWATCH_CATEGORY_OPENED];
	if (opened.known && lw_vm_is_seen(report, vm))
		fprintf(out, "  %s %s%s%s", lw_text_count(text, opened),
			of_device ? "interrupt" : "packet",
			opened.v == 1 ? "" : "s",
			of_device ? " of its own devices" : "");
}

/**
 * lw_print_vm - one line that says which VM, and which way
 * @report: the report
 * @vm: the VM
 * @path: enum latwatch_path
 * @out: where to
 */
void lw_print_vm(const struct lw_report *report, const struct lw_report_vm *vm,
		 uint32_t path, FILE *out)
{
	lw_color_begin(LW_HUE_TITLE, out);
	lw_print_way(vm, path, out);
	lw_color_end(out);
	lw_print_facts(report, vm, path, out);
	fputs("  times in us\n", out);
}

/**
 * lw_print_host - the begin of a line that says which way of the host's
 * @path: enum latwatch_path, or LW_OTHER_PATH
 * @out: where to
 */
void lw_print_host(uint32_t path, FILE *out)
{
	static const char *const titles[LW_PATHS] = {
		[LATWATCH_PATH_RX] = "host",
		[LATWATCH_PATH_TX] = "tx  all VMs > NIC",
		[LATWATCH_PATH_LOCAL] = "local  this host > NIC",
		[LATWATCH_PATH_READER] = "reader  NIC or VM > this host",
		[LATWATCH_PATH_DEVICE] = "device  passed through > all VMs",
	};

	lw_color_begin(LW_HUE_TITLE, out);
	fputs(path < LW_PATHS ? titles[path] : "other", out);
	lw_color_end(out);
}

/*
 * The entries of one category that are not 0.  One that is all there is to its
 * head, and is named like it, says nothing new.
 */
static bool print_causes(const struct lw_report_ledger *ledger, uint32_t path,
			 uint32_t category, const char *before, FILE *out)
{
	const char *head = lw_name_category(category);
	char text[LW_TEXT_SIZE];
	bool any = false;
	size_t i;

	for (i = 0; i < ledger->nr_entries; i++) {
		const struct lw_entry *entry = &ledger->entries[i];

		if (entry->path != path || entry->category != category ||
		    !entry->count.v)
			continue;
		if (head && entry->name && !strcmp(head, entry->name))
			continue;
		if (any)
			fputs(", ", out);
		else if (category == LATWATCH_CATEGORY_NOTE)
			fputs(before, out);
		else
			fprintf(out, "%s%s: ", before, head ? head : "other");
		any = true;
		lw_print_plain(out, entry->name);
		fprintf(out, " %s", lw_text_count(text, entry->count));
	}
	return any;
}

/*
 * All heads of the way into VMs.  Other ways have no use for some, and the
 * readers' for none: a head that no entry is under is left out there.
 */
static void print_heads(const struct lw_report_books *books, FILE *out)
{
	const char *before = "    ledger  ";
	char text[LW_TEXT_SIZE];
	bool any = false;
	uint32_t i;

	for (i = 0; i < LW_HEADS; i++) {
		if (!books->head[i].known && books->path != LATWATCH_PATH_RX)
			continue;
		fprintf(out, "%s%s %s", before, lw_name_category(i),
			lw_text_count(text, books->head[i]));
		before = i ? " + " : " = ";
		any = true;
	}
	if (books->gap.known && books->gap.v) {
		uint64_t gap = books->gap.v < 0 ? -(uint64_t)books->gap.v :
						  (uint64_t)books->gap.v;

		fputs(", ", out);
		lw_color_begin(LW_HUE_BAD, out);
		fprintf(out, "does not close: %s unaccounted",
			lw_text_count(text, (struct lw_value){ gap, true }));
		lw_color_end(out);
	}
	if (any)
		fputc('\n', out);
}

/**
 * lw_print_books - a ledger: its sum, its causes, its notes
 * @ledger: the ledger, or NULL if it was not read
 * @books: what it adds up to, for one path
 * @out: where to
 */
void lw_print_books(const struct lw_report_ledger *ledger,
		    const struct lw_report_books *books, FILE *out)
{
	const char *before = "    causes  ";
	uint32_t i;

	if (!ledger) {
		fputs("    ledger  was not read\n", out);
		return;
	}
	print_heads(books, out);
	for (i = 0; i < LW_HEADS; i++)
		if (print_causes(ledger, books->path, i, before, out))
			before = "; ";
	if (before[0] == ';')
		fputc('\n', out);
	if (print_causes(ledger, books->path, LATWATCH_CATEGORY_NOTE,
			 "    notes   ", out))
		fputc('\n', out);
}
