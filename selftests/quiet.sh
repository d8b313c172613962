#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# quiet: while packets come and nobody reads, latwatch wakes nobody, sends no IPI,
# starts no timer and queues no work: ftrace follows its probes into every function
# that they call, and looks for them below each such event. The one exception is
# lw_pool_low(): a stage that a CPU records for the first time may bring the pool to
# its low water, and raises the irq_work of its refill.
#
# QUIET_OUT=DIR keeps the traces there.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_lab "quiet"
lw_need_tools python3
lw_need_guest

tracing=/sys/kernel/tracing
out=${QUIET_OUT:-$LW_TMP}
[ -w $tracing/set_graph_function ] ||
	lw_skip_all "no function graph tracer in $tracing"
grep -q -w function_graph $tracing/available_tracers ||
	lw_skip_all "this kernel has no function graph tracer"

# What disturbs a CPU, where this kernel has it.
DISTURBING="ipi sched/sched_waking timer/timer_start timer/hrtimer_start
	workqueue/workqueue_queue_work workqueue/workqueue_activate_work
	irq/softirq_raise"

trace_off() {
	local event

	echo 0 > "$tracing/tracing_on"
	echo nop > "$tracing/current_tracer"
	for event in $DISTURBING; do
		[ ! -e "$tracing/events/$event" ] ||
			echo 0 > "$tracing/events/$event/enable"
	done
	echo 0 > "$tracing/options/stacktrace"
	echo > "$tracing/set_graph_function"
	echo 0 > "$tracing/options/funcgraph-tail"
	echo 4096 > "$tracing/buffer_size_kb"
	echo > "$tracing/trace"
	echo 1 > "$tracing/tracing_on"
}

# There is one function graph tracer, and who else uses it finds it as it was, but
# for the trace. Of a buffer that nobody had use for the file says two sizes.
for event in $DISTURBING; do
	[ ! -e "$tracing/events/$event" ] || lw_keep "$tracing/events/$event/enable"
done
lw_at_exit "echo $(grep -o '[0-9]*' "$tracing/buffer_size_kb" | tail -n 1) > $tracing/buffer_size_kb"
lw_at_exit "echo '$(grep -v '^#' "$tracing/set_graph_function")' > $tracing/set_graph_function"
lw_keep "$tracing"/{options/{stacktrace,funcgraph-tail},current_tracer,tracing_on}
lw_at_exit trace_off

functions() {
	awk '$4 == "[latwatch]" && tolower($2) == "t" { print $3 }' /proc/kallsyms |
		sort -u
}

traffic() {
	lw_ping 5 && lw_burst 20
	[ -z "$LAB_FUNCTIONS" ] || lab_burst_back 20 "$LATWATCH_GUEST"
	lw_ping 3
}

# Nothing was overwritten in what is to be judged.
whole() {
	! grep -H -E '^(overrun|commit overrun|dropped events): [1-9]' \
		"$tracing"/per_cpu/cpu*/stats
}

# -- What probes call

trace_calls() {
	trace_off
	echo 0 > "$tracing/tracing_on"
	echo 20000 > "$tracing/buffer_size_kb"
	functions | grep -E '^k?probe_' > "$LW_TMP/probes"
	[ -s "$LW_TMP/probes" ] || return
	paste -sd ' ' "$LW_TMP/probes" > "$tracing/set_graph_function" || return
	echo 1 > "$tracing/options/funcgraph-tail"
	echo function_graph > "$tracing/current_tracer" || return
	echo 1 > "$tracing/tracing_on"
	traffic || return
	echo 0 > "$tracing/tracing_on"
	cat "$tracing/trace" > "$out/calls"
	whole || return
	functions > "$LW_TMP/own"
}

# Each line of the trace is a call or a return. What is called below a probe is its
# own, but for an interrupt that comes before it has switched them off.
judge_calls() {
	python3 -I -S - "$LW_TMP/own" "$LW_TMP/probes" "$out/calls" << 'EOF'
import collections
import re
import sys

own, probes = (set(open(name).read().split()) for name in sys.argv[1:3])
# the clock; strings; a list without locks: nothing waits, wakes or allocates
ALLOWED = {"ktime_get_mono_fast_ns", "strncmp", "strcmp", "memcpy", "memset",
           "strscpy", "sized_strscpy", "llist_add_batch", "llist_reverse_order"}
# raises an irq_work; what that calls is judged no further
REFILL = "lw_pool_low"
BEGIN, END = {"irq_enter_rcu"}, {"irq_exit_rcu", "raw_irqentry_exit_cond_resched"}
line_of = re.compile(r"^\s*(\d+)\)[^|]*\|  (\s*)(.*)$")
call_of = re.compile(r"([\w.]+)(?: \[\w+\])?\(\)(?:;| (\{))")
end_of = re.compile(r"\} /\* ([\w.]+)")


class Frame:
    """A function that runs, and whether an interrupt is on top of it."""

    def __init__(self, name):
        self.name = name
        self.interrupted = False


called, seen = collections.Counter(), collections.Counter()
stacks = collections.defaultdict(list)
alien = collections.Counter()
past = collections.deque(maxlen=12)
for text in open(sys.argv[3]):
    past.append(text.rstrip())
    line = line_of.match(text)
    if not line:
        continue
    stack, what = stacks[line[1]], line[3]
    end = end_of.match(what)
    if end:
        if end[1] in [frame.name for frame in stack]:
            while stack.pop().name != end[1]:
                pass
            if stack and end[1] in END:
                stack[-1].interrupted = False
        continue
    call = call_of.match(what)
    if not call:
        continue
    name = call[1]
    if not stack:
        if name not in probes:
            continue
        seen[name] += 1
    elif name in BEGIN:
        stack[-1].interrupted = True
    elif name in END and not call[2]:
        stack[-1].interrupted = False
    elif name not in END and not any(frame.interrupted for frame in stack):
        called[name] += 1
        refills = any(frame.name == REFILL for frame in stack)
        if not refills and name not in own | ALLOWED:
            alien[name] += 1
            if len(alien) == 1:
                print(*past, sep="\n")
    if call[2]:
        stack.append(Frame(name))
print("never seen", *sorted(probes - set(seen)))
print("probes", dict(seen))
print("they call", dict(called))
print("that is not theirs", dict(alien))
# once or twice for what a CPU saw first, never for each packet
sys.exit(bool(alien) or len(seen) < 8 or called[REFILL] > 8)
EOF
}

# -- What happens below a probe

trace_events() {
	local event

	trace_off
	echo 0 > "$tracing/tracing_on"
	echo 40000 > "$tracing/buffer_size_kb"
	for event in $DISTURBING; do
		[ ! -e "$tracing/events/$event" ] ||
			echo 1 > "$tracing/events/$event/enable" || return
	done
	echo 1 > "$tracing/options/stacktrace"
	echo 1 > "$tracing/tracing_on"
	"$@" || return
	echo 0 > "$tracing/tracing_on"
	cat "$tracing/trace" > "$out/events"
	whole
}

# own_events: those with latwatch on their stack. What an interrupt does, and the
# softirqs on its way out, is not that of whom it came upon; nor is what the pool's
# refill raises from lw_pool_take().
own_events() {
	functions > "$LW_TMP/own"
	awk '
		/<stack trace>/ { upon = 0 }
		!/^ => / || upon { next }
		$2 ~ /^(asm_common_interrupt|asm_sysvec_|el1_interrupt|lw_pool_(low|take)$)/ {
			upon = 1
			next
		}
		{ print $2 }' "$out/events" | sort | uniq -c | sort -rn |
		awk 'NR == FNR { own[$1]; next } $2 in own' "$LW_TMP/own" -
}

disturbs_nobody() {
	trace_events traffic || return
	# it is no empty trace
	grep -c '^ => ' "$out/events"
	[ "$(grep -c '<stack trace>' "$out/events")" -gt 50 ] || return
	own_events | tee "$LW_TMP/said"
	[ ! -s "$LW_TMP/said" ]
}

# One finds a grace period that has begun for another now and then.
resets() {
	local i

	for ((i = 0; i < 20; i++)); do
		"$LATWATCH_REPORT" --reset > /dev/null || return
	done
}

# The trace would show it: a reset waits for all probes, and wakes who sees to that.
reset_is_seen() {
	trace_events resets || return
	own_events | tee "$LW_TMP/said"
	[ -s "$LW_TMP/said" ]
}

lw_begin 5
lw_test "the module loads" lw_load
# the blocks of what this traffic records are taken before the trace begins: a pool
# that runs low wakes its worker, once
traffic > /dev/null 2>&1
lw_wait_quiet
lw_test "its probes are traced, with all that they call" trace_calls
lw_test "they call nothing but their own, and the clock" judge_calls
lw_diag "$(tail -n 4 "$LW_TMP/.said")"
lw_test "no wake, IPI, timer or work comes of them" disturbs_nobody
lw_test "resets, which do wake, are seen by the same trace" reset_is_seen
lw_end
