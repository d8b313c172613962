/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_VIEW_H
#define LW_VIEW_H

#include <stdio.h>

#include "derive.h"
#include "model.h"

/**
 * struct lw_view_options - what a view was asked for beyond the report
 * @stage: name of the stage whose histogram to show, or of the only one to explain
 * @flights: how many flights to tell, 0: all
 * @stream: one of many reports in a row: JSON keeps to one line, CSV does not
 *	    repeat its head
 * @first: the first of them
 * @error: takes one sentence for the user where the view refuses
 * @error_size: its room
 */
struct lw_view_options {
	const char *stage;
	unsigned long flights;
	bool stream;
	bool first;
	char *error;
	size_t error_size;
};

/**
 * typedef lw_view - shows a report
 * @report: the report, settled
 * @options: see there
 * @out: where to
 *
 * Return: 0, -ENOMEM, -ENOENT where what was asked for is not in the report, or
 * -ENOTUNIQ where it is there more than once.
 */
typedef int lw_view(const struct lw_report *report,
		    const struct lw_view_options *options, FILE *out);

lw_view lw_view_page;
lw_view lw_view_json;
lw_view lw_view_csv;
lw_view lw_view_vms;
lw_view lw_view_cpus;
lw_view lw_view_cost;
lw_view lw_view_ledger;
lw_view lw_view_histogram;
lw_view lw_view_why;
lw_view lw_view_why_csv;
lw_view lw_view_story;
lw_view lw_view_worst_csv;

/* Parts that more than one view of text has. */
void lw_print_plain(FILE *out, const char *received);
void lw_print_header(const struct lw_report *report, FILE *out);
void lw_print_lacks(const struct lw_info *info, FILE *out);
void lw_print_vm(const struct lw_report *report, const struct lw_report_vm *vm,
		 uint32_t path, FILE *out);
void lw_print_host(uint32_t path, FILE *out);
void lw_print_books(const struct lw_report_ledger *ledger,
		    const struct lw_report_books *books, FILE *out);

/* A part of CSV. */
void lw_print_quoted(const char *text, FILE *out);

/* Parts of the page. */
int lw_print_table(const struct lw_report *report, const struct lw_report_vm *vm,
		   uint32_t path, FILE *out);
void lw_print_worst(const struct lw_report *report,
		    const struct lw_report_watermark *worst, uint32_t path, FILE *out);
void lw_print_met(const struct lw_report_watermark *worst, FILE *out);

#endif
