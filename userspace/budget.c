// SPDX-License-Identifier: GPL-2.0
/*
 * A file of limits.  Takes its lines, gives the module one request: all of them hold
 * from then on, or none.
 *
 *	# stage			limit
 *	rx/end-to-end		250us
 *	vm 2 rx/vcpu-wake	80us
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/latwatch.h>

#include "budget.h"
#include "collect.h"
#include "format.h"

#define MOST_LINES 512

/**
 * struct budget - a file of limits on its way to the module
 * @name: of the file, for messages
 * @report: the VMs that there are
 * @error: takes one sentence for the user
 * @size: its room
 * @line: number of the line that is read
 * @at: offset of each bound in the request
 * @lines: the line of each
 * @nr: how many bounds
 * @file: where they come from
 */
struct budget {
	const char *name;
	const struct lw_report *report;
	char *error;
	size_t size;
	unsigned int line;
	uint32_t at[MOST_LINES];
	unsigned int lines[MOST_LINES];
	size_t nr;
	FILE *file;
};

__attribute__((format(printf, 2, 3)))
static int refuse(struct budget *b, const char *format, ...)
{
	char why[256];
	va_list words;

	va_start(words, format);
	vsnprintf(why, sizeof(why), format, words);
	va_end(words);
	snprintf(b->error, b->size, "%s:%u: %s; the limits of before stay", b->name, b->line,
		 why);
	return -EINVAL;
}

/* "250us": a number, and a unit without which it is not clear what is meant */
static int parse_limit(const char *text, uint64_t *ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = {
		{ "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 },
	};
	char *end;
	double value = strtod(text, &end);
	size_t i;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(end, units[i].unit)) {
			value *= units[i].ns;
			if (!(value >= 1 && value <= 3600e9))
				return -ERANGE;
			*ns = (uint64_t)value;
			return 0;
		}
	return -EINVAL;
}

/* "rx/end-to-end", which the module calls "end to end" */
static int parse_stage(const char *text, uint32_t *path, char *name, size_t size)
{
	const char *slash = strchr(text, '/');
	size_t i;

	if (!slash || strlen(slash + 1) >= size)
		return -EINVAL;
	for (*path = 0; *path < LW_PATHS; (*path)++) {
		const char *known = lw_name_path(*path);

		if (strlen(known) == (size_t)(slash - text) &&
		    !strncasecmp(known, text, strlen(known)))
			break;
	}
	if (*path == LW_PATHS)
		return -EINVAL;
	for (i = 0; i <= strlen(slash + 1); i++)
		name[i] = slash[1 + i] == '-' || slash[1 + i] == '_' ? ' ' : slash[1 + i];
	return *name ? 0 : -EINVAL;
}

static int put_line(struct budget *b, struct nlmsghdr *nlh, size_t size, char *words[],
		    int nr)
{
	struct lw_value vm = { 0 };
	const struct lw_report_vm *found;
	struct nlattr *nest;
	char name[32], *end;
	uint32_t path;
	uint64_t ns;

	if (nr == 4 && !strcmp(words[0], "vm")) {
		vm.v = strtoull(words[1], &end, 10);
		vm.known = *words[1] >= '0' && *words[1] <= '9' && !*end;
		found = vm.known ? lw_report_find_vm(b->report, vm.v) : NULL;
		if (!found)
			return refuse(b, "no VM has the id or pid '%s'", words[1]);
		vm.v = found->id;
		words += 2;
		nr -= 2;
	}
	if (nr != 2)
		return refuse(b, "expected [vm ID] PATH/STAGE LIMIT");
	if (parse_stage(words[0], &path, name, sizeof(name)))
		return refuse(b, "invalid stage '%s' (expected a path and a stage such as rx/end-to-end)",
			      words[0]);
	if (parse_limit(words[1], &ns))
		return refuse(b, "invalid limit '%s' (expected 1ns to 3600s, with a unit: ns, us, ms or s)",
			      words[1]);
	if (b->nr == MOST_LINES || nlh->nlmsg_len + 128 > size)
		return refuse(b, "more than %d limits", MOST_LINES);
	b->at[b->nr] = nlh->nlmsg_len;
	b->lines[b->nr++] = b->line;
	nest = mnl_attr_nest_start(nlh, LATWATCH_A_BUDGET_BOUND);
	if (vm.known)
		mnl_attr_put_u32(nlh, LATWATCH_A_BOUND_VM, (uint32_t)vm.v);
	mnl_attr_put_u32(nlh, LATWATCH_A_BOUND_PATH, path);
	mnl_attr_put_strz(nlh, LATWATCH_A_BOUND_NAME, name);
	mnl_attr_put_u64(nlh, LATWATCH_A_BOUND_LIMIT, ns);
	mnl_attr_nest_end(nlh, nest);
	return 0;
}

static int put_file(struct nlmsghdr *nlh, size_t size, void *data)
{
	struct budget *b = data;
	char line[256], *words[6], *word, *rest;
	int nr, err;

	while (fgets(line, sizeof(line), b->file)) {
		b->line++;
		if (!strchr(line, '\n') && !feof(b->file))
			return refuse(b, "longer than %zu characters", sizeof(line) - 2);
		line[strcspn(line, "#\n")] = '\0';
		for (nr = 0, word = strtok_r(line, " \t", &rest); word && nr < 6;
		     word = strtok_r(NULL, " \t", &rest))
			words[nr++] = word;
		err = nr ? put_line(b, nlh, size, words, nr) : 0;
		if (err)
			return err;
	}
	if (!ferror(b->file))
		return 0;
	snprintf(b->error, b->size, "%s: %s", b->name, strerror(errno));
	return -EIO;
}

/* The kernel's own sentence, with the line that it is about. */
static void name_line(struct budget *b, struct lw_nl *nl)
{
	size_t i;

	if (!nl->at.known || !nl->said[0])
		return;
	for (i = 0; i < b->nr; i++)
		if (b->at[i] == nl->at.v) {
			b->line = b->lines[i];
			refuse(b, "%s", nl->said);
		}
}

static int nothing(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	(void)data;
	return 0;
}

static int send_budget(struct lw_nl *nl, struct budget *b)
{
	struct lw_nl_request request = {
		.name = "budget-set",
		.cmd = LATWATCH_CMD_BUDGET_SET,
		.put = put_file,
		.data = b,
	};
	int ret = lw_nl_query(nl, &request, nothing, NULL);

	if (ret < 0)
		name_line(b, nl);
	return ret < 0 ? ret : 0;
}

/**
 * lw_budget_set - hold all stages against the limits of a file
 * @nl: the connection
 * @name: of the file, "-" for standard input; one without lines: no limits any more
 * @out: takes how many there are
 *
 * Return: 0, or a negative errno with @nl->error set and all as it was.
 */
int lw_budget_set(struct lw_nl *nl, const char *name, FILE *out)
{
	struct lw_want want = { 0 };
	struct lw_report report;
	struct budget b = {
		.name = name, .report = &report, .error = nl->error,
		.size = sizeof(nl->error),
		.file = strcmp(name, "-") ? fopen(name, "r") : stdin,
	};
	int err;

	if (!b.file) {
		err = -errno;
		snprintf(nl->error, sizeof(nl->error), "%s: %s", name, strerror(errno));
		return err;
	}
	err = lw_collect(nl, &want, &report);
	if (!err) {
		err = send_budget(nl, &b);
		lw_report_clear(&report);
	}
	if (b.file != stdin)
		fclose(b.file);
	if (!err)
		fprintf(out, "%zu limit%s\n", b.nr, b.nr == 1 ? "" : "s");
	return err;
}
