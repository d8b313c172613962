// SPDX-License-Identifier: GPL-2.0
/*
 * wake: wake-to-run latency with a histogram and a maximum, as cheap as BPF does
 * it: programs that are called from the tracepoint, and arrays in place of hashes.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define TASKS	65536
#define BUCKETS	64

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

struct wakes {
	__u64 count;
	__u64 sum;
	__u64 max;
	__u64 bucket[BUCKETS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TASKS);
	__type(key, __u32);
	__type(value, __u64);
} woken SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct wakes);
} wakes SEC(".maps");

SEC("tp_btf/sched_waking")
int BPF_PROG(waking, struct task_struct *p)
{
	__u32 key = p->pid & (TASKS - 1);
	__u64 *at = bpf_map_lookup_elem(&woken, &key);

	if (at)
		*at = bpf_ktime_get_ns();
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, _Bool preempt, struct task_struct *prev,
	     struct task_struct *next)
{
	__u32 key = next->pid & (TASKS - 1), zero = 0, bucket = 0, step;
	__u64 *at = bpf_map_lookup_elem(&woken, &key);
	struct wakes *w;
	__u64 took, rest;

	if (!at || !*at)
		return 0;
	took = bpf_ktime_get_ns() - *at;
	*at = 0;
	w = bpf_map_lookup_elem(&wakes, &zero);
	if (!w)
		return 0;
	/* the place of the highest bit */
	rest = took;
	for (step = 32; step; step >>= 1)
		if (rest >> step) {
			bucket += step;
			rest >>= step;
		}
	w->count++;
	w->sum += took;
	if (took > w->max)
		w->max = took;
	w->bucket[bucket & (BUCKETS - 1)]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
