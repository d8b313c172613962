// SPDX-License-Identifier: GPL-2.0
/*
 * What the engine costs on this machine, in tables: instructions and time of
 * each event, hot and cold, and what becomes of them when everything grows.
 *
 *	bench [--events N] [--no-growth]
 *
 * Hot times are means, that of the whole way the median of several; cold ones are
 * medians. The process is pinned to one CPU. The engine's clock is a variable
 * here: what a real one takes is told apart.
 */
#define _GNU_SOURCE
#include <linux/kernel.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "books/hist.h"
#include "rig.h"

#define RUNS		5
#define MOST_EVENTS	32
#define COLD_TURNS	40
#define HOT_TURNS	200000
#define CROWD		1023	/* and one comes and goes */

static u64 hist[LW_HIST_BUCKETS];

static u64 clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* finer than the clock, and cheaper to read */
static inline u64 ticks(void)
{
#ifdef __x86_64__
	unsigned int low, high;

	__asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high)
			 : : "memory");
	return (u64)high << 32 | low;
#else
	return clock_ns();
#endif
}

static double ns_per_tick = 1;

static void calibrate(void)
{
#ifdef __x86_64__
	u64 ns = clock_ns(), begin = ticks();

	while (clock_ns() - ns < 100000000)
		;
	ns = clock_ns() - ns;
	ns_per_tick = (double)ns / (ticks() - begin);
#endif
}

static void pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *v, unsigned int n)
{
	qsort(v, n, sizeof(*v), by_value);
	return v[n / 2];
}

/* nothing of the engine is left in a cache that is smaller than this */
static char *spoiler;
static size_t spoiler_size;

static void spoil(void)
{
	size_t i;

	for (i = 0; i < spoiler_size; i += 64)
		spoiler[i]++;
}

static void spoiler_init(void)
{
	long size = sysconf(_SC_LEVEL3_CACHE_SIZE);

	if (size <= 0 || size > 64 << 20)
		size = 32 << 20;
	spoiler_size = 2 * size;
	spoiler = malloc(spoiler_size);
	if (!spoiler)
		abort();
	memset(spoiler, 1, spoiler_size);
}

/* mean of a way's events, without a look at the clock in between */
static double run_hot(const struct rig_way *way, u64 events)
{
	u64 guest_seq = events / rig_events(way) / RUNS + 1, i, begin;
	double each[RUNS];
	unsigned int r;

	for (r = 0; r < RUNS; r++) {
		begin = clock_ns();
		for (i = 0; i < guest_seq; i++)
			rig_run(way);
		each[r] = (double)(clock_ns() - begin) / guest_seq /
			  rig_events(way);
	}
	return median(each, RUNS);
}

static u64 overhead = ~0ULL;

static void calibrate_overhead(void)
{
	u64 begin, took;
	unsigned int i;

	for (i = 0; i < 10000; i++) {
		begin = ticks();
		took = ticks() - begin;
		if (took < overhead)
			overhead = took;
	}
}

static double time_one(const struct rig_event *e)
{
	u64 begin = ticks(), took;

	e->run();
	took = ticks() - begin;
	return took > overhead ? (took - overhead) * ns_per_tick : 0;
}

/* time each event of a way; @worst: of any turn; @all: by histogram, too */
static void time_hot(const struct rig_way *way, u64 guest_seq, double *mean,
		     double *worst, bool all)
{
	const struct rig_event *e;
	unsigned int n;
	double ns;
	u64 i;

	for (n = 0; n < rig_events(way); n++)
		mean[n] = worst[n] = 0;
	for (i = 0; i < guest_seq; i++) {
		rig_turn(way);
		for (e = way->events; e->name; e++) {
			n = e - way->events;
			ns = time_one(e);
			mean[n] += ns / guest_seq;
			if (ns > worst[n])
				worst[n] = ns;
			if (all)
				hist[lw_hist_bucket((u64)ns)]++;
		}
	}
}

/* few turns, of which one that was interrupted would make the mean */
static void time_cold(const struct rig_way *way, double *middle, double *worst)
{
	static double each[MOST_EVENTS][COLD_TURNS];
	const struct rig_event *e;
	unsigned int n, i;

	for (i = 0; i < COLD_TURNS; i++) {
		rig_turn(way);
		for (e = way->events; e->name; e++) {
			spoil();
			each[e - way->events][i] = time_one(e);
		}
	}
	for (n = 0; n < rig_events(way); n++) {
		middle[n] = median(each[n], COLD_TURNS);
		worst[n] = each[n][COLD_TURNS - 1];
	}
}

static u64 quantile(double q)
{
	u64 all = 0, n = 0;
	unsigned int i;

	for (i = 0; i < LW_HIST_BUCKETS; i++)
		all += hist[i];
	for (i = 0; i < LW_HIST_BUCKETS; i++) {
		n += hist[i];
		if (n >= all * q)
			return lw_hist_high(i);
	}
	return 0;
}

static void print_way(const struct rig_way *way)
{
	double instructions[MOST_EVENTS], hot[MOST_EVENTS], cold[MOST_EVENTS];
	double worst_hot[MOST_EVENTS], worst_cold[MOST_EVENTS];
	double sum[3] = { };
	bool counted = rig_count(way, 16, instructions);
	unsigned int i, n = rig_events(way);

	time_hot(way, way->begin ? HOT_TURNS / 100 : HOT_TURNS, hot, worst_hot, false);
	time_cold(way, cold, worst_cold);
	printf("\n%s\n", way->name);
	printf("%-28s %12s %8s %10s %8s %10s\n", "event", "instructions",
	       "hot ns", "worst hot", "cold ns", "worst cold");
	for (i = 0; i < n; i++) {
		printf("%-28s ", way->events[i].name);
		if (counted)
			printf("%12.0f", instructions[i]);
		else
			printf("%12s", "-");
		printf(" %8.1f %10.0f %8.0f %10.0f\n", hot[i], worst_hot[i],
		       cold[i], worst_cold[i]);
		sum[0] += instructions[i];
		sum[1] += hot[i];
		sum[2] += cold[i];
	}
	printf("%-28s ", "all");
	if (counted)
		printf("%12.0f", sum[0]);
	else
		printf("%12s", "-");
	printf(" %8.1f %10s %8.0f\n", sum[1], "", sum[2]);
}

static void print_main(u64 events)
{
	double each[MOST_EVENTS], worst[MOST_EVENTS], most = 0;
	unsigned int i, n = rig_events(&rig_rx);
	double ns = run_hot(&rig_rx, events);

	memset(hist, 0, sizeof(hist));
	time_hot(&rig_rx, events / n / 5, each, worst, true);
	for (i = 0; i < n; i++)
		most = worst[i] > most ? worst[i] : most;
	printf("\nthe whole way of a packet to its guest, %u events each, hot\n",
	       n);
	printf("%-28s %14llu\n", "events", (unsigned long long)events);
	printf("%-28s %14.1f  ns, median of %u runs\n", "mean of an event", ns,
	       RUNS);
	printf("%-28s %14.1f  ns\n", "of a packet", ns * n);
	printf("%-28s %14llu  ns\n", "99 % take at most",
	       (unsigned long long)quantile(0.99));
	printf("%-28s %14llu  ns\n", "99.99 %",
	       (unsigned long long)quantile(0.9999));
	printf("%-28s %14.0f  ns, with what interrupted it\n", "worst", most);
}

/* a row of growth: instructions of all events of each way, on one machine */
static void print_grown(unsigned int n, const struct rig_size *size)
{
	const struct rig_way *const *way;
	double each[MOST_EVENTS], sum;
	unsigned int i;

	rig_init(size);
	printf("%8u", n);
	for (way = rig_ways; *way; way++) {
		bool counted = rig_count(*way, 16, each);

		for (i = 0, sum = 0; i < rig_events(*way); i++)
			sum += each[i];
		if (counted)
			printf(" %12.1f", sum);
		else
			printf(" %12s", "-");
	}
	putchar('\n');
	rig_exit();
}

static void print_growth(void)
{
	static const unsigned int vms[] = { 1, 4, 16, 64, 256 };
	static const unsigned int tasks[] = { 16, 64, 256, 1024, 4096 };
	static const unsigned int filled[] = { 0, 25, 50, 75, 90 };
	static const unsigned int cpus[] = { 1, 2, 4, 16, 64 };
	static const char head[] =
		"    strangers           rx           tx         host       device\n";
	struct rig_size size;
	unsigned int i;

	printf("\ninstructions of a turn, as the machine grows\n");
	printf("\n%8s%s", "VMs", head);
	for (i = 0; i < ARRAY_SIZE(vms); i++) {
		size = RIG_USUAL;
		size.cpus = 2;
		size.vms = vms[i];
		print_grown(vms[i], &size);
	}
	printf("\n%8s%s", "tasks", head);
	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		size = RIG_USUAL;
		size.tasks = tasks[i];
		print_grown(tasks[i], &size);
	}
	printf("\n%8s%s", "skbs %", head);
	for (i = 0; i < ARRAY_SIZE(filled); i++) {
		size = RIG_USUAL;
		size.kept = size.skbs * filled[i] / 100;
		print_grown(filled[i], &size);
	}
	printf("\n%8s%s", "CPUs", head);
	for (i = 0; i < ARRAY_SIZE(cpus); i++) {
		size = RIG_USUAL;
		size.cpus = cpus[i];
		print_grown(cpus[i], &size);
	}
}

int main(int argc, char **argv)
{
	struct rig_size usual = RIG_USUAL, crowd = RIG_USUAL;
	const struct rig_way *const *way;
	u64 events = 100000000, begin;
	bool growth = true;
	struct utsname u;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--no-growth")) {
			growth = false;
		} else if (!strcmp(argv[i], "--events") && i + 1 < argc &&
			   strtoull(argv[i + 1], NULL, 10) >= 1000) {
			events = strtoull(argv[++i], NULL, 10);
		} else {
			fprintf(stderr,
				"usage: bench [--events N] [--no-growth]\n");
			return 2;
		}
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	pin();
	calibrate();
	calibrate_overhead();
	spoiler_init();
	uname(&u);
	printf("the engine on this machine: %s, compiled by %s, -O2\n",
	       u.machine, __VERSION__);
	begin = clock_ns();
	for (i = 0; i < 1000000; i++)
		clock_ns();
	printf("a reading of a real clock takes %.1f ns here, and is not in what follows\n",
	       (clock_ns() - begin) / 1e6);
	rig_init(&usual);
	print_main(events);
	for (way = rig_ways; *way; way++)
		print_way(*way);
	if (!rig_is_sound())
		return 1;
	rig_exit();
	crowd.vms = CROWD;
	rig_init(&crowd);
	printf("\nof a guest, on a machine with %u VMs\n", CROWD);
	for (way = rig_guests; *way; way++)
		print_way(*way);
	if (!rig_is_sound())
		return 1;
	rig_exit();
	if (growth)
		print_growth();
	return 0;
}
