/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_VIEW_H
#define LW_VIEW_H

#include <stdio.h>

#include "derive.h"
#include "model.h"

struct lw_history;

/**
 * struct lw_view_options - what a view was asked for beyond the report
 * @stage: name of the stage whose histogram to show
 * @history: the report and those before it, where there are any; or NULL
 * @cols: of the screen as text; 0: as the view sees fit
 * @rows: likewise; 0: as many as it takes
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
	const struct lw_history *history;
	int cols;
	int rows;
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
lw_view lw_view_html;
lw_view lw_view_trace;
lw_view lw_view_screen;
lw_view lw_view_vms;
lw_view lw_view_cpus;
lw_view lw_view_cost;
lw_view lw_view_ledger;
lw_view lw_view_histogram;
lw_view lw_view_budget;
lw_view lw_view_windows;
lw_view lw_view_why;
lw_view lw_view_why_csv;
lw_view lw_view_story;
lw_view lw_view_worst_csv;

/* Parts that more than one view of text has. */
void lw_print_plain(FILE *out, const char *received);
void lw_print_header(const struct lw_report *report, FILE *out);
void lw_print_lacks(const struct lw_info *info, FILE *out);
void lw_print_way(const struct lw_report_vm *vm, uint32_t path, FILE *out);
void lw_print_facts(const struct lw_report *report, const struct lw_report_vm *vm,
		    uint32_t path, FILE *out);
void lw_print_vm(const struct lw_report *report, const struct lw_report_vm *vm,
		 uint32_t path, FILE *out);
void lw_print_host(uint32_t path, FILE *out);
void lw_print_books(const struct lw_report_ledger *ledger,
		    const struct lw_report_books *books, FILE *out);

/* Words of a stage or of a kind of culprit. */
int lw_explain(const char *typed, FILE *out);

/* What a user types for a stage. */
bool lw_stage_is_meant(const struct lw_report_stage *stage, const char *typed);
bool lw_report_has_stage(const struct lw_report *report, const char *typed);

/* Verdicts. */
const struct lw_report_stage *lw_verdict_next(const struct lw_report *report,
					      const struct lw_report_vm *vm,
					      uint32_t path,
					      const struct lw_report_stage *prev);
bool lw_verdict_is_missing(const struct lw_report *report,
			   const struct lw_report_vm *vm, uint32_t path);
void lw_print_maximum(const struct lw_report *report, const struct lw_report_vm *vm,
		      const struct lw_report_stage *stage, FILE *out);
void lw_print_taken_over(const struct lw_report *report,
			 const struct lw_report_vm *vm,
			 const struct lw_report_stage *stage, FILE *out);
void lw_print_no_verdict(const struct lw_report *report,
			 const struct lw_report_vm *vm, uint32_t path, FILE *out);
/* A part of CSV. */
void lw_print_quoted(const char *text, FILE *out);

/* Parts of the page. */
int lw_print_table(const struct lw_report *report, const struct lw_report_vm *vm,
		   uint32_t path, FILE *out);
void lw_print_worst(const struct lw_report *report,
		    const struct lw_report_watermark *worst, uint32_t path, FILE *out);
void lw_print_met(const struct lw_report_watermark *worst, FILE *out);

#endif
