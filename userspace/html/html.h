/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of the page that --html writes.  Each takes the model and prints elements;
 * page.c puts them in order.
 */
#ifndef LW_HTML_H
#define LW_HTML_H

#include <stdio.h>

#include "capture.h"
#include "flight.h"
#include "section.h"
#include "view.h"

extern const char lw_html_style[];

void lw_html_text(FILE *out, const char *received);

int lw_html_captured(struct lw_capture *capture, FILE *out);

int lw_html_verdicts(const struct lw_report *report,
		     const struct lw_section *sections, size_t nr, FILE *out);
int lw_html_paths(const struct lw_report *report,
		  const struct lw_section *sections, size_t nr, FILE *out);
int lw_html_table(const struct lw_report *report, const struct lw_section *section,
		  FILE *out);
void lw_html_ledger(const struct lw_report *report,
		    const struct lw_section *section, FILE *out);
void lw_html_distributions(const struct lw_report *report,
			   const struct lw_section *section, FILE *out);
void lw_html_course(const struct lw_history *history,
		    const struct lw_section *section, FILE *out);
int lw_html_flights(const struct lw_report *report,
		    const struct lw_section *section, FILE *out);

#endif
