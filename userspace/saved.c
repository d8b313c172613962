// SPDX-License-Identifier: GPL-2.0
/*
 * Reports that were saved with --json.  Takes their text from saved_file.c, fills the
 * model as decode.c does.
 *
 * Only what was measured is read; averages, percentiles and books are computed
 * from it again, and so are the parts of the worst, where the report says what bounds
 * the stages.  Unknown keys are passed over and missing ones are not known,
 * but a key that is there holds what it must, or the file is refused.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "format.h"
#include "json_read.h"
#include "saved.h"
#include "text_file.h"
#include "view_json.h"

/* No list of names is longer; what is not in it is of tomorrow. */
#define MOST_NAMES 64

enum kind {
	VALUE,		/* a number or null into a struct lw_value */
	SVALUE,		/* likewise into a struct lw_svalue */
	ID,		/* a number into a uint32_t */
	NUMBER,		/* a number into a uint64_t */
	TEXT,		/* text or null into a char * */
	TEXTS,		/* an array of text into an array of char * */
	TRUTH,		/* true or false into a bool */
	FLAG,		/* true or false into a bit of a uint32_t */
	SET,		/* an array of numbers, or of their names, into bits of a uint32_t */
	NAMED_VALUE,	/* the name of a number into a struct lw_value */
	NAMED_ID,	/* likewise into a uint32_t */
	SQUARE,		/* a number of 128 bits into sumsq_low and _high */
	LIST,		/* an array of objects */
};

struct shape;

/**
 * struct field - where what stands under a key goes
 * @key: the key
 * @kind: how to read it
 * @at: offset of the member in the object
 * @nr_at: offset of the array's count, for an array
 * @bit: of a FLAG
 * @required: an object without it is refused
 * @shape: what the elements of a LIST are
 * @name: what a number is called, for one that is saved by its name
 */
struct field {
	const char *key;
	enum kind kind;
	size_t at;
	size_t nr_at;
	uint32_t bit;
	bool required;
	const struct shape *shape;
	const char *(*name)(struct lw_value value);
};

struct shape {
	size_t size;
	const struct field *fields;
	size_t nr_fields;
};

/**
 * struct reader - a file that is being read
 * @error: room for what is wrong with it
 * @error_size: its size
 */
struct reader {
	char *error;
	size_t error_size;
};

__attribute__((format(printf, 2, 3)))
static int refuse(const struct reader *reader, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reader->error, reader->error_size, format, args);
	va_end(args);
	return -EBADMSG;
}

static int no_memory(const struct reader *reader)
{
	snprintf(reader->error, reader->error_size, "out of memory");
	return -ENOMEM;
}

static const char *name_path(struct lw_value path)
{
	return path.v <= LW_OTHER_PATH ? lw_name_path((uint32_t)path.v) : NULL;
}

static const char *name_category(struct lw_value category)
{
	return lw_name_category((uint32_t)category.v);
}

#define SHAPE(type, list) {						\
	.size = sizeof(struct type),					\
	.fields = (list),						\
	.nr_fields = sizeof(list) / sizeof((list)[0]),			\
}
#define FIELD(k, of, type, member, ...)					\
	{ .key = (k), .kind = (of), .at = offsetof(struct type, member), \
	  ##__VA_ARGS__ }
#define NEEDED(k, of, type, member)					\
	FIELD(k, of, type, member, .required = true)
#define ARRAY(k, of, type, member, ...)					\
	FIELD(k, of, type, member,					\
	      .nr_at = offsetof(struct type, nr_##member), ##__VA_ARGS__)

static const struct field tracepoint_fields[] = {
	NEEDED("name", TEXT, lw_tracepoint, name),
	FIELD("attached", TRUTH, lw_tracepoint, attached),
	FIELD("cost", TEXT, lw_tracepoint, cost),
	FIELD("kind", NAMED_VALUE, lw_tracepoint, kind, .name = lw_name_probe),
	FIELD("missed", VALUE, lw_tracepoint, missed),
	FIELD("prototype", NAMED_VALUE, lw_tracepoint, prototype,
	      .name = lw_name_prototype),
};

static const struct shape tracepoint_shape =
	SHAPE(lw_tracepoint, tracepoint_fields);

static const struct field limit_fields[] = {
	NEEDED("name", TEXT, lw_limit, name),
	FIELD("size", VALUE, lw_limit, size),
	FIELD("used", VALUE, lw_limit, used),
};

static const struct shape limit_shape = SHAPE(lw_limit, limit_fields);

static const struct field mark_fields[] = {
	NEEDED("id", ID, lw_mark, id),
	FIELD("mark", TEXT, lw_mark, name),
	FIELD("time_ns", VALUE, lw_mark, time_ns),
	FIELD("cpu", VALUE, lw_mark, cpu),
};

static const struct shape mark_shape = SHAPE(lw_mark, mark_fields);

static const struct field info_fields[] = {
	FIELD("version", TEXT, lw_info, version),
	FIELD("kernel", TEXT, lw_info, kernel),
	FIELD("preempt_rt", TRUTH, lw_info, preempt_rt),
	FIELD("off", TRUTH, lw_info, off),
	FIELD("clock", TEXT, lw_info, clock),
	FIELD("epoch", VALUE, lw_info, epoch),
	FIELD("since_ns", VALUE, lw_info, since),
	FIELD("since_realtime_ns", VALUE, lw_info, since_real),
	FIELD("now_ns", VALUE, lw_info, now),
	FIELD("memory_bytes", VALUE, lw_info, memory),
	FIELD("signal_source", NAMED_VALUE, lw_info, signal_source,
	      .name = lw_name_signal_source),
	ARRAY("tracepoints", LIST, lw_info, tracepoints,
	      .shape = &tracepoint_shape),
	ARRAY("limits", LIST, lw_info, limits, .shape = &limit_shape),
	ARRAY("marks", LIST, lw_info, marks, .shape = &mark_shape),
};

static const struct shape info_shape = SHAPE(lw_info, info_fields);

static const struct field bucket_fields[] = {
	NEEDED("low_ns", NUMBER, lw_report_bucket, low_ns),
	NEEDED("high_ns", NUMBER, lw_report_bucket, high_ns),
	NEEDED("count", NUMBER, lw_report_bucket, count),
};

static const struct shape bucket_shape = SHAPE(lw_report_bucket, bucket_fields);

#define STAGE_FLAG(k, flag)						\
	FIELD(k, FLAG, lw_report_stage, flags, .bit = LATWATCH_STAGE_FLAGS_##flag)

static const struct field stage_fields[] = {
	NEEDED("id", ID, lw_report_stage, id),
	FIELD("place", VALUE, lw_report_stage, place),
	FIELD("path", NAMED_ID, lw_report_stage, path, .name = name_path),
	FIELD("from", VALUE, lw_report_stage, from),
	FIELD("to", VALUE, lw_report_stage, to),
	FIELD("or_to", VALUE, lw_report_stage, or_to),
	FIELD("with", SET, lw_report_stage, with),
	FIELD("without", SET, lw_report_stage, without),
	FIELD("within", VALUE, lw_report_stage, within),
	FIELD("also", SET, lw_report_stage, also, .name = name_path),
	FIELD("stage", TEXT, lw_report_stage, name),
	FIELD("per", NAMED_VALUE, lw_report_stage, unit, .name = lw_name_unit),
	STAGE_FLAG("nested", NESTED),
	STAGE_FLAG("shared", HOST),
	STAGE_FLAG("total", TOTAL),
	STAGE_FLAG("after", AFTER),
	STAGE_FLAG("by_task", BY_TASK),
	STAGE_FLAG("blind", BLIND),
	FIELD("count", VALUE, lw_report_stage, count),
	FIELD("min_ns", VALUE, lw_report_stage, min_ns),
	FIELD("max_ns", VALUE, lw_report_stage, max_ns),
	FIELD("sum_ns", VALUE, lw_report_stage, sum_ns),
	FIELD("sumsq_ns2", SQUARE, lw_report_stage, sumsq_low),
	ARRAY("buckets", LIST, lw_report_stage, buckets, .shape = &bucket_shape),
};

static const struct shape stage_shape = SHAPE(lw_report_stage, stage_fields);

static const struct field actor_fields[] = {
	FIELD("role", NAMED_VALUE, lw_report_actor, role, .name = lw_name_role),
	FIELD("pid", VALUE, lw_report_actor, pid),
	FIELD("comm", TEXT, lw_report_actor, comm),
	FIELD("policy", VALUE, lw_report_actor, policy),
	FIELD("kernel_prio", SVALUE, lw_report_actor, prio),
};

static const struct shape actor_shape = SHAPE(lw_report_actor, actor_fields);

static const struct field culprit_fields[] = {
	FIELD("kind", NAMED_VALUE, lw_report_culprit, kind, .name = lw_name_culprit),
	FIELD("time_ns", VALUE, lw_report_culprit, time_ns),
	FIELD("cpu", VALUE, lw_report_culprit, cpu),
	FIELD("id", VALUE, lw_report_culprit, id),
	FIELD("name", TEXT, lw_report_culprit, name),
	FIELD("function", TEXT, lw_report_culprit, function),
	FIELD("pid", VALUE, lw_report_culprit, pid),
	FIELD("policy", VALUE, lw_report_culprit, policy),
	FIELD("kernel_prio", SVALUE, lw_report_culprit, prio),
	FIELD("mark", VALUE, lw_report_culprit, mark),
	FIELD("flights", VALUE, lw_report_culprit, flights),
	FIELD("worst_ns", VALUE, lw_report_culprit, worst_ns),
};

static const struct shape culprit_shape = SHAPE(lw_report_culprit, culprit_fields);

static const struct field ranking_fields[] = {
	NEEDED("id", ID, lw_report_ranking, id),
	FIELD("stage", TEXT, lw_report_ranking, name),
	FIELD("flights", VALUE, lw_report_ranking, flights),
	FIELD("sum_ns", VALUE, lw_report_ranking, sum_ns),
	FIELD("unknown_ns", VALUE, lw_report_ranking, unknown_ns),
	ARRAY("culprits", LIST, lw_report_ranking, culprits, .shape = &culprit_shape),
};

static const struct shape ranking_shape = SHAPE(lw_report_ranking, ranking_fields);

static const struct field part_fields[] = {
	NEEDED("id", ID, lw_part, id),
	FIELD("part_ns", VALUE, lw_part, part_ns),
};

static const struct shape part_shape = SHAPE(lw_part, part_fields);

static const struct field watermark_fields[] = {
	NEEDED("id", ID, lw_report_watermark, id),
	FIELD("stage", TEXT, lw_report_watermark, name),
	FIELD("value_ns", VALUE, lw_report_watermark, value_ns),
	FIELD("time_ns", VALUE, lw_report_watermark, time_ns),
	FIELD("cpu", VALUE, lw_report_watermark, cpu),
	FIELD("irq", VALUE, lw_report_watermark, irq),
	FIELD("origin", NAMED_VALUE, lw_report_watermark, origin,
	      .name = lw_name_origin),
	FIELD("batch", VALUE, lw_report_watermark, batch),
	ARRAY("marks", LIST, lw_report_watermark, marks, .shape = &mark_shape),
	ARRAY("actors", LIST, lw_report_watermark, actors, .shape = &actor_shape),
	ARRAY("culprits", LIST, lw_report_watermark, culprits,
	      .shape = &culprit_shape),
	FIELD("unknown_ns", VALUE, lw_report_watermark, unknown_ns),
	ARRAY("parts", LIST, lw_report_watermark, parts, .shape = &part_shape),
	FIELD("sum_ns", VALUE, lw_report_watermark, sum_ns),
};

static const struct shape watermark_shape =
	SHAPE(lw_report_watermark, watermark_fields);

static const struct field way_fields[] = {
	NEEDED("tap", TEXT, lw_way, tap),
	FIELD("kind", TEXT, lw_way, kind),
	FIELD("over", TEXT, lw_way, over),
	FIELD("over_kind", TEXT, lw_way, over_kind),
	FIELD("source", TEXT, lw_way, source),
	FIELD("several", TRUTH, lw_way, several),
};

static const struct shape way_shape = SHAPE(lw_way, way_fields);

static const struct field vm_fields[] = {
	NEEDED("id", ID, lw_report_vm, id),
	FIELD("pid", VALUE, lw_report_vm, pid),
	FIELD("comm", TEXT, lw_report_vm, comm),
	FIELD("since_ns", VALUE, lw_report_vm, since_ns),
	FIELD("gone", TRUTH, lw_report_vm, gone),
	FIELD("vcpus", VALUE, lw_report_vm, vcpus),
	FIELD("backends", VALUE, lw_report_vm, backends),
	FIELD("workers", VALUE, lw_report_vm, workers),
	ARRAY("taps", TEXTS, lw_report_vm, taps),
	ARRAY("ways", LIST, lw_report_vm, ways, .shape = &way_shape),
};

static const struct shape vm_shape = SHAPE(lw_report_vm, vm_fields);

static const struct field cpu_stage_fields[] = {
	NEEDED("id", ID, lw_cpu_stage, id),
	FIELD("stage", TEXT, lw_cpu_stage, name),
	FIELD("count", VALUE, lw_cpu_stage, count),
	FIELD("max_ns", VALUE, lw_cpu_stage, max_ns),
};

static const struct shape cpu_stage_shape =
	SHAPE(lw_cpu_stage, cpu_stage_fields);

static const struct field cpu_fields[] = {
	NEEDED("id", ID, lw_report_cpu, id),
	ARRAY("marks", LIST, lw_report_cpu, marks, .shape = &mark_shape),
	ARRAY("maxima", LIST, lw_report_cpu, maxima, .shape = &cpu_stage_shape),
};

static const struct shape cpu_shape = SHAPE(lw_report_cpu, cpu_fields);

static const struct field cost_fields[] = {
	NEEDED("probe", TEXT, lw_report_cost, probe),
	FIELD("kind", NAMED_VALUE, lw_report_cost, kind, .name = lw_name_probe),
	NEEDED("cpu", ID, lw_report_cost, cpu),
	NEEDED("calls", NUMBER, lw_report_cost, calls),
	NEEDED("total_ns", NUMBER, lw_report_cost, total_ns),
	NEEDED("worst_ns", NUMBER, lw_report_cost, worst_ns),
	FIELD("since_ns", VALUE, lw_report_cost, since_ns),
};

static const struct shape cost_shape = SHAPE(lw_report_cost, cost_fields);

static const struct field bound_fields[] = {
	FIELD("vm", VALUE, lw_report_bound, vm),
	NEEDED("id", ID, lw_report_bound, stage),
	FIELD("path", NAMED_ID, lw_report_bound, path, .name = name_path),
	FIELD("stage", TEXT, lw_report_bound, name),
	FIELD("limit_ns", VALUE, lw_report_bound, limit_ns),
	FIELD("breaches", VALUE, lw_report_bound, breaches),
};

static const struct shape bound_shape = SHAPE(lw_report_bound, bound_fields);

static const struct field entry_fields[] = {
	FIELD("category", NAMED_ID, lw_entry, category, .name = name_category,
	      .required = true),
	FIELD("path", NAMED_ID, lw_entry, path, .name = name_path),
	FIELD("name", TEXT, lw_entry, name),
	FIELD("count", VALUE, lw_entry, count),
};

static const struct shape entry_shape = SHAPE(lw_entry, entry_fields);

static const struct field ledger_fields[] = {
	ARRAY("entries", LIST, lw_report_ledger, entries, .shape = &entry_shape),
};

static const struct shape ledger_shape = SHAPE(lw_report_ledger, ledger_fields);

static bool read_unsigned(const cJSON *item, uint64_t most, uint64_t *number)
{
	lw_u128 read;

	if (!lw_json_to_unsigned(item, most, &read))
		return false;
	*number = (uint64_t)read;
	return true;
}

static bool read_value(const cJSON *item, struct lw_value *value)
{
	if (cJSON_IsNull(item))
		return true;
	value->known = read_unsigned(item, UINT64_MAX, &value->v);
	return value->known;
}

static bool read_svalue(const cJSON *item, struct lw_svalue *value)
{
	if (cJSON_IsNull(item))
		return true;
	value->known = lw_json_to_signed(item, &value->v);
	return value->known;
}

static bool read_id(const cJSON *item, uint32_t *id)
{
	uint64_t number;

	if (!read_unsigned(item, UINT32_MAX, &number))
		return false;
	*id = (uint32_t)number;
	return true;
}

/* A name that this reporter does not know is of a number that it does not. */
static bool read_named(const cJSON *item,
		       const char *(*name)(struct lw_value value),
		       struct lw_value *value)
{
	if (cJSON_IsNull(item))
		return true;
	if (!lw_json_is_text(item))
		return false;
	value->known = true;
	for (value->v = 0; value->v < MOST_NAMES; value->v++) {
		const char *known = name(*value);

		if (known && !strcmp(known, item->valuestring))
			return true;
	}
	return true;
}

static bool read_named_id(const cJSON *item,
			  const char *(*name)(struct lw_value value),
			  uint32_t *id)
{
	struct lw_value value = { .v = MOST_NAMES };

	if (!read_named(item, name, &value))
		return false;
	*id = (uint32_t)value.v;
	return true;
}

static bool read_square(const cJSON *item, struct lw_report_stage *stage)
{
	lw_u128 square;

	if (cJSON_IsNull(item))
		return true;
	if (!lw_json_to_unsigned(item, ~(lw_u128)0, &square))
		return false;
	stage->sumsq_low = (struct lw_value){ (uint64_t)square, true };
	stage->sumsq_high = (struct lw_value){ (uint64_t)(square >> 64), true };
	return true;
}

static bool read_flag(const cJSON *item, uint32_t bit, uint32_t *flags)
{
	if (cJSON_IsTrue(item))
		*flags |= bit;
	return cJSON_IsBool(item);
}

/* What is beyond the set is of tomorrow, as a name that is not known is. */
static bool read_set(const cJSON *list, const char *(*name)(struct lw_value value),
		     uint32_t *set)
{
	const cJSON *item;

	if (!cJSON_IsArray(list))
		return false;
	cJSON_ArrayForEach(item, list) {
		uint32_t bit = 0;

		if (!(name ? read_named_id(item, name, &bit) : read_id(item, &bit)))
			return false;
		if (bit < 32)
			*set |= 1u << bit;
	}
	return true;
}

static int read_text(const struct reader *reader, const cJSON *item,
		     const char *key, char **to)
{
	if (!lw_json_is_text(item))
		return refuse(reader, "'%s' is no text", key);
	*to = strdup(item->valuestring);
	return *to ? 0 : no_memory(reader);
}

static int read_texts(const struct reader *reader, const cJSON *list,
		      const struct field *field, void *object)
{
	const cJSON *item;
	char **element;
	int err;

	cJSON_ArrayForEach(item, list) {
		element = lw_array_add((char *)object + field->at,
				       (size_t *)((char *)object +
						  field->nr_at),
				       sizeof(*element));
		if (!element)
			return no_memory(reader);
		err = read_text(reader, item, field->key, element);
		if (err)
			return err;
	}
	return 0;
}

static int read_object(const struct reader *reader, const cJSON *from,
		       const struct shape *shape, void *object);

static int read_list(const struct reader *reader, const cJSON *list,
		     const struct field *field, void *object)
{
	const cJSON *item;
	void *element;
	int err;

	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsObject(item))
			return refuse(reader, "'%s' is not of objects",
				      field->key);
		element = lw_array_add((char *)object + field->at,
				       (size_t *)((char *)object +
						  field->nr_at),
				       field->shape->size);
		if (!element)
			return no_memory(reader);
		err = read_object(reader, item, field->shape, element);
		if (err)
			return err;
	}
	return 0;
}

static int read_field(const struct reader *reader, const cJSON *item,
		      const struct field *field, void *object)
{
	void *to = (char *)object + field->at;
	bool good = false;

	switch (field->kind) {
	case VALUE:
		good = read_value(item, to);
		break;
	case SVALUE:
		good = read_svalue(item, to);
		break;
	case ID:
		good = read_id(item, to);
		break;
	case NUMBER:
		good = read_unsigned(item, UINT64_MAX, to);
		break;
	case TRUTH:
		good = cJSON_IsBool(item);
		*(bool *)to = cJSON_IsTrue(item);
		break;
	case FLAG:
		good = read_flag(item, field->bit, to);
		break;
	case SET:
		good = read_set(item, field->name, to);
		break;
	case NAMED_VALUE:
		good = read_named(item, field->name, to);
		break;
	case NAMED_ID:
		good = read_named_id(item, field->name, to);
		break;
	case SQUARE:
		good = read_square(item, object);
		break;
	case TEXT:
		if (cJSON_IsNull(item))
			return 0;
		return read_text(reader, item, field->key, to);
	case TEXTS:
		good = cJSON_IsArray(item);
		if (good)
			return read_texts(reader, item, field, object);
		break;
	case LIST:
		good = cJSON_IsArray(item);
		if (good)
			return read_list(reader, item, field, object);
		break;
	}
	return good ? 0 : refuse(reader, "'%s' is not what it should be",
				 field->key);
}

static int read_object(const struct reader *reader, const cJSON *from,
		       const struct shape *shape, void *object)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < shape->nr_fields; i++) {
		const struct field *field = &shape->fields[i];
		const cJSON *item =
			cJSON_GetObjectItemCaseSensitive(from, field->key);

		if (item)
			err = read_field(reader, item, field, object);
		else if (field->required)
			err = refuse(reader, "'%s' is missing", field->key);
	}
	return err;
}

/* What the host and each VM have. */
static const struct field owner_fields[] = {
	ARRAY("stages", LIST, lw_report, stages, .shape = &stage_shape),
	ARRAY("watermarks", LIST, lw_report, watermarks,
	      .shape = &watermark_shape),
	ARRAY("rankings", LIST, lw_report, rankings, .shape = &ranking_shape),
};

static const struct shape owner_shape = SHAPE(lw_report, owner_fields);

static const struct field report_fields[] = {
	FIELD("interrupted", TRUTH, lw_report, interrupted),
	ARRAY("cpus", LIST, lw_report, cpus, .shape = &cpu_shape),
	FIELD("self_cost", TRUTH, lw_report, self_cost),
	ARRAY("costs", LIST, lw_report, costs, .shape = &cost_shape),
	ARRAY("budget", LIST, lw_report, bounds, .shape = &bound_shape),
};

static const struct shape report_shape = SHAPE(lw_report, report_fields);

static int check_stage(const struct reader *reader,
		       const struct lw_report_stage *stage)
{
	if (!lw_buckets_rise(stage->buckets, stage->nr_buckets))
		return refuse(reader, "'buckets' do not rise");
	return 0;
}

static int read_owner(const struct reader *reader, const cJSON *from,
		      struct lw_value vm, struct lw_report *report)
{
	const cJSON *books = cJSON_GetObjectItemCaseSensitive(from, "ledger");
	size_t stage = report->nr_stages, worst = report->nr_watermarks;
	size_t ranking = report->nr_rankings;
	struct lw_report_ledger *ledger;
	int err = read_object(reader, from, &owner_shape, report);

	for (; !err && stage < report->nr_stages; stage++) {
		report->stages[stage].vm = vm;
		err = check_stage(reader, &report->stages[stage]);
	}
	for (; worst < report->nr_watermarks; worst++)
		report->watermarks[worst].vm = vm;
	for (; ranking < report->nr_rankings; ranking++)
		report->rankings[ranking].vm = vm;
	if (err || !books || cJSON_IsNull(books))
		return err;
	if (!cJSON_IsObject(books))
		return refuse(reader, "'ledger' is not what it should be");
	ledger = lw_array_add(&report->ledgers, &report->nr_ledgers,
			      sizeof(*ledger));
	if (!ledger)
		return no_memory(reader);
	ledger->vm = vm;
	return read_object(reader, books, &ledger_shape, ledger);
}

static int read_vms(const struct reader *reader, const cJSON *list,
		    struct lw_report *report)
{
	const cJSON *item;
	struct lw_report_vm *vm;
	size_t i;
	int err;

	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsObject(item))
			return refuse(reader, "'vms' is not of objects");
		vm = lw_array_add(&report->vms, &report->nr_vms, sizeof(*vm));
		if (!vm)
			return no_memory(reader);
		err = read_object(reader, item, &vm_shape, vm);
		for (i = 0; !err && i + 1 < report->nr_vms; i++)
			if (report->vms[i].id == vm->id)
				err = refuse(reader, "VM %u is there twice",
					     vm->id);
		if (!err)
			err = read_owner(reader, item,
					 (struct lw_value){ vm->id, true },
					 report);
		if (err)
			return err;
	}
	return 0;
}

static int check_costs(const struct reader *reader,
		       const struct lw_report *report)
{
	uint64_t calls = 0, total = 0;
	size_t i;

	for (i = 0; i < report->nr_costs; i++) {
		const struct lw_report_cost *cost = &report->costs[i];

		if (!cost->probe || !cost->calls)
			return refuse(reader, "'costs' has what did not run");
		/* The sums of a probe are parts of these. */
		if (__builtin_add_overflow(calls, cost->calls, &calls) ||
		    __builtin_add_overflow(total, cost->total_ns, &total))
			return refuse(reader, "'costs' are more than 64 bits hold");
	}
	return 0;
}

static int read_root(const struct reader *reader, const cJSON *root,
		     struct lw_report *report)
{
	const cJSON *schema = cJSON_GetObjectItemCaseSensitive(root, "schema");
	const cJSON *host = cJSON_GetObjectItemCaseSensitive(root, "host");
	const cJSON *info = cJSON_GetObjectItemCaseSensitive(root, "info");
	const cJSON *vms = cJSON_GetObjectItemCaseSensitive(root, "vms");
	uint64_t number;
	int err;

	if (!schema || !cJSON_IsObject(host) || !cJSON_IsObject(info) ||
	    !cJSON_IsArray(vms) || !read_unsigned(schema, UINT32_MAX, &number))
		return refuse(reader, "is no report of --json");
	if (number != LW_JSON_SCHEMA)
		return refuse(reader, "is of schema %llu, this program reads %d",
			      (unsigned long long)number, LW_JSON_SCHEMA);
	err = read_object(reader, root, &report_shape, report);
	if (!err)
		err = check_costs(reader, report);
	if (!err)
		err = read_object(reader, info, &info_shape, &report->info);
	info = cJSON_GetObjectItemCaseSensitive(info, "clocksource");
	if (!err && info && !cJSON_IsNull(info))
		err = read_text(reader, info, "clocksource",
				&report->clocksource);
	if (!err)
		err = read_owner(reader, host, (struct lw_value){ 0 }, report);
	if (!err)
		err = read_vms(reader, vms, report);
	if (!err && lw_report_settle(report))
		err = no_memory(reader);
	return err;
}

/**
 * lw_saved_parse - read a report from memory
 * @text: the JSON document
 * @len: its length
 * @report: is set, settled; lw_report_clear() it after use; empty after an error
 * @error: takes what is wrong
 * @error_size: its room
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int lw_saved_parse(const char *text, size_t len, struct lw_report *report,
		   char *error, size_t error_size)
{
	const struct reader reader = { error, error_size };
	size_t line;
	cJSON *root = lw_json_parse(text, len, &line);
	int err;

	*report = (struct lw_report){ 0 };
	if (root)
		err = read_root(&reader, root, report);
	else if (line)
		err = refuse(&reader, "line %zu is not JSON of one report",
			     line);
	else
		err = no_memory(&reader);
	cJSON_Delete(root);
	if (err)
		lw_report_clear(report);
	return err;
}
