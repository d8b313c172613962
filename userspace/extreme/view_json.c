// SPDX-License-Identifier: GPL-2.0
/*
 * A bound, or why there is none, as one JSON document: Documentation/json/bound.json.
 * Takes an estimate, prints.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "extreme/view.h"
#include "json.h"
#include "view_json.h"

static void add_interval(struct lw_json *b, cJSON *to, const char *key,
			 const struct lw_interval *interval)
{
	cJSON *o = lw_json_object(b, to, key);

	lw_json_real(b, o, "low_ns", interval->low);
	lw_json_real(b, o, "high_ns", interval->high);
}

static void add_bound(struct lw_json *b, cJSON *root, const struct lw_bound *bound)
{
	cJSON *o;

	if (bound->reasons) {
		lw_json_add(b, root, "bound", cJSON_CreateNull());
		return;
	}
	o = lw_json_object(b, root, "bound");
	lw_json_bool(b, o, "estimate", true);
	lw_json_real(b, o, "level_ns", bound->level.level);
	lw_json_number(b, o, "confidence_percent", LW_LEVEL_CONFIDENCE);
	add_interval(b, o, "profile_likelihood", &bound->level.profile);
	add_interval(b, o, "delta_method", &bound->level.delta);
}

static void add_reasons(struct lw_json *b, cJSON *root,
			const struct lw_bound *bound)
{
	cJSON *list = lw_json_array(b, root, "no_bound_because"), *o;
	char text[LW_REASON_SIZE];
	unsigned int i;

	for (i = 0; i < LW_REASONS; i++) {
		if (!(bound->reasons & lw_reason_bit(i)))
			continue;
		o = lw_json_object(b, list, NULL);
		lw_json_text(b, o, "reason", lw_bound_reason_key(i));
		lw_json_text(b, o, "text", lw_bound_reason(text, bound, i));
	}
}

static void add_fit(struct lw_json *b, cJSON *root, const struct lw_bound *bound)
{
	const struct lw_gev_fit *fit = &bound->fit;
	cJSON *o;

	if (!bound->fitted) {
		lw_json_add(b, root, "fit", cJSON_CreateNull());
		return;
	}
	o = lw_json_object(b, root, "fit");
	lw_json_text(b, o, "distribution", "generalised extreme value");
	lw_json_real(b, o, "mu_ns", fit->gev.mu);
	lw_json_real(b, o, "mu_error_ns", lw_gev_error(fit, LW_GEV_MU));
	lw_json_real(b, o, "sigma_ns", fit->gev.sigma);
	lw_json_real(b, o, "sigma_error_ns", lw_gev_error(fit, LW_GEV_SIGMA));
	lw_json_real(b, o, "xi", fit->gev.xi);
	lw_json_real(b, o, "xi_error", lw_gev_error(fit, LW_GEV_XI));
	lw_json_real(b, o, "log_likelihood", fit->log_likelihood);
}

static void add_tests(struct lw_json *b, cJSON *root, const struct lw_bound *bound)
{
	cJSON *list = lw_json_array(b, root, "tests"), *o;
	unsigned int i;

	for (i = 0; bound->fitted && i < LW_TESTS; i++) {
		const struct lw_test *test = &bound->tests[i];
		const struct lw_bound_words *words = &lw_bound_words[i];

		o = lw_json_object(b, list, NULL);
		lw_json_text(b, o, "test", words->key);
		lw_json_text(b, o, "statistic_name", words->statistic);
		lw_json_real(b, o, "statistic", test->known ? test->statistic : NAN);
		lw_json_value(b, o, "degrees",
			      (struct lw_value){ test->degrees, words->degrees });
		lw_json_text(b, o, "degrees_name", words->degrees);
		lw_json_real(b, o, "p", test->known ? test->p : NAN);
		lw_json_bool(b, o, "holds",
			     !(bound->reasons & lw_reason_bit(LW_REASON_TEST + i)));
	}
}

/**
 * lw_bound_print_json - print an estimate for machines
 * @bound: the estimate
 * @maxima: what it was made from
 * @out: where to
 *
 * Return: 0, or -ENOMEM.
 */
int lw_bound_print_json(const struct lw_bound *bound,
			const struct lw_maxima *maxima, FILE *out)
{
	struct lw_json b = { .failed = false };
	cJSON *root = cJSON_CreateObject(), *o;
	char *text = NULL;

	lw_json_number(&b, root, "schema", LW_JSON_SCHEMA);
	lw_json_text(&b, root, "kind", "bound");
	lw_json_text(&b, root, "reporter_version", LW_VERSION);
	lw_json_real(&b, root, "probability", bound->probability);
	lw_json_number(&b, root, "significance_percent", LW_BOUND_SIGNIFICANCE);
	o = lw_json_object(&b, root, "blocks");
	lw_json_number(&b, o, "count", bound->nr);
	lw_json_number(&b, o, "seconds", maxima->block_seconds);
	lw_json_number(&b, o, "empty_seconds", maxima->empty);
	lw_json_number(&b, o, "missing_seconds", maxima->missing);
	lw_json_number(&b, o, "left_out_seconds", maxima->left_out);
	add_bound(&b, root, bound);
	add_reasons(&b, root, bound);
	o = lw_json_object(&b, root, "without_model");
	lw_json_real(&b, o, "largest_ns", bound->nr ? bound->largest : NAN);
	lw_json_real(&b, o, "exceeded_with_less_than", bound->beyond);
	lw_json_number(&b, o, "confidence_percent", 95);
	add_fit(&b, root, bound);
	add_tests(&b, root, bound);
	if (!b.failed)
		text = cJSON_Print(root);
	cJSON_Delete(root);
	if (!text)
		return -ENOMEM;
	fprintf(out, "%s\n", text);
	cJSON_free(text);
	return 0;
}
