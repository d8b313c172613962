/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_CULPRIT_H
#define LW_CULPRIT_H

#include <stdio.h>

#include "format.h"
#include "model.h"

const struct lw_report_culprit *
lw_culprit_next(const struct lw_report_culprit *list, size_t nr,
		const struct lw_report_culprit *prev);
const struct lw_report_culprit *lw_culprit_in(const struct lw_report_ranking *ranking,
					      const struct lw_report_culprit *like);
uint64_t lw_culprits_sum(const struct lw_report_culprit *list, size_t nr);
const char *lw_text_culprit(char *text, const struct lw_report_culprit *culprit);
const char *lw_text_share(char *text, uint64_t part, uint64_t whole);
const char *lw_culprit_does(struct lw_value kind);
const char *lw_culprit_remedy(struct lw_value kind);

/**
 * struct lw_explanation - what a word of the report means
 * @word: it
 * @is: what it is
 * @usually: what fills it usually, or causes it
 * @remedy: what to do
 */
struct lw_explanation {
	const char *word;
	const char *is;
	const char *usually;
	const char *remedy;
};

const struct lw_explanation *lw_explanation_of_kind(struct lw_value kind);

/* Kinds of culprits, and others, each with a NULL word at its end. */
extern const struct lw_explanation lw_kind_explanations[];
extern const struct lw_explanation lw_stage_explanations[];

#endif
