# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2015,SC2317,SC2329
#
# tools: what is measured, switched on and off. Sourced inside the lab.
#
# tool_up NAME returns when the tool sees every event, tool_down NAME when nothing
# of it is left. A tool is a pair of functions up_NAME and down_NAME, with _ for -;
# what up_NAME said last is why it is not there.

. "$LAB_FUNCTIONS"

BENCH_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BENCH_BUILD=$BENCH_DIR/../../build/bench/$LAB_KERNEL/build
BENCH_KO=$BENCH_BUILD/lwbench.ko
# shellcheck disable=SC2034
RULER=/sys/kernel/debug/lwbench
TRACING=/sys/kernel/tracing
REPORT=$BENCH_DIR/../../userspace/build/latwatch-report
# by whom the events of a wake are known
WAKE_EVENTS="sched:sched_waking sched:sched_switch"
TOOL_PID=

# latwatch without its debug information, which is read slowly
tools_begin() {
	strip -g -o /run/latwatch.ko "$BENCH_DIR/../../build/$LAB_KERNEL/latwatch.ko"
}

tool_up() {
	"up_${1//-/_}"
}

tool_down() {
	"down_${1//-/_}"
}

# background READY COMMAND...: until READY is true
background() {
	local ready=$1
	shift

	"$@" < /dev/null &
	TOOL_PID=$!
	lab_wait_for 240 "$ready" || {
		echo "$1 does not begin"
		return 1
	}
}

foreground() {
	[ -n "$TOOL_PID" ] || return 0
	# what perf runs, perf waits for
	pkill -TERM -P "$TOOL_PID"
	kill -INT "$TOOL_PID" 2> /dev/null
	lab_wait_for 120 lab_process_gone "$TOOL_PID" || kill -KILL "$TOOL_PID"
	wait "$TOOL_PID" 2> /dev/null
	TOOL_PID=
}

# attached N: so many BPF programs are there. The bpftool's own are not.
attached() {
	[ "$(bpftool -j prog show 2> /dev/null |
	     grep -o -E '"type":"(tracepoint|tracing|raw_tracepoint|kprobe)"' |
	     wc -l)" -ge "$1" ]
}

# -- For the wakes

up_nothing() {
	:
}

down_nothing() {
	:
}

up_empty() {
	insmod "$BENCH_KO" tracepoints=sched_waking,sched_switch
}

down_empty() {
	rmmod lwbench
}

up_latwatch() {
	insmod /run/latwatch.ko
}

down_latwatch() {
	rmmod latwatch
}

# loaded, and switched off
up_latwatch_off() {
	up_latwatch && "$REPORT" --set measure=off
}

down_latwatch_off() {
	rmmod latwatch
}

# with the time that each probe takes
up_latwatch_self_cost() {
	up_latwatch && "$REPORT" --set self-cost=on
}

down_latwatch_self_cost() {
	rmmod latwatch
}

up_schedstats() {
	sysctl -q kernel.sched_schedstats=1
}

down_schedstats() {
	sysctl -q kernel.sched_schedstats=0
}

# the probes of osnoise without its own threads
up_osnoise() {
	echo NO_OSNOISE_WORKLOAD > $TRACING/osnoise/options &&
	echo osnoise > $TRACING/current_tracer
}

down_osnoise() {
	echo nop > $TRACING/current_tracer
	echo OSNOISE_WORKLOAD > $TRACING/osnoise/options
}

up_bpf() {
	background two_attached "$BENCH_BUILD/wake" "$BENCH_BUILD/wake.bpf.o"
}

down_bpf() {
	foreground
}

begun() {
	[ -e /run/bench-begun ]
}

# perf starts its command when it is ready
perf_up() {
	rm -f /run/bench-begun
	# shellcheck disable=SC2046,SC2086
	background begun perf "$@" $(printf -- '-e %s ' $WAKE_EVENTS) -- \
		sh -c ': > /run/bench-begun; exec sleep 10000'
}

up_perf_stat() {
	perf_up stat -a
}

down_perf_stat() {
	foreground
}

up_perf_record() {
	perf_up record -a -o /run/perf.data
}

down_perf_record() {
	foreground
	rm -f /run/perf.data
}

two_attached() {
	attached 2
}

three_attached() {
	attached 3
}

up_bpftrace_empty() {
	background two_attached bpftrace -e '
		tracepoint:sched:sched_waking {}
		tracepoint:sched:sched_switch {}'
}

down_bpftrace_empty() {
	foreground
}

up_bpftrace() {
	background two_attached bpftrace -e '
		tracepoint:sched:sched_waking { @at[args->pid] = nsecs; }
		tracepoint:sched:sched_switch {
			$at = @at[args->next_pid];
			if ($at) {
				$took = nsecs - $at;
				@took = hist($took);
				@max = max($took);
				delete(@at[args->next_pid]);
			}
		}'
}

down_bpftrace() {
	foreground
}

up_runqlat() {
	background three_attached runqlat 10000
}

down_runqlat() {
	foreground
}

up_ftrace() {
	local event

	for event in $WAKE_EVENTS; do
		echo 1 > "$TRACING/events/${event/://}/enable" || return
	done
}

down_ftrace() {
	echo 0 > $TRACING/events/enable
	cat $TRACING/per_cpu/cpu*/stats
	echo > $TRACING/trace
}

up_ftrace_hist() {
	local sched=$TRACING/events/sched

	echo 'bench_wake u64 took; pid_t pid' > $TRACING/synthetic_events &&
	echo 'hist:keys=pid:at=common_timestamp' > $sched/sched_waking/trigger &&
	echo 'hist:keys=next_pid:took=common_timestamp-$at:onmax($took).save(next_comm):onmatch(sched.sched_waking).bench_wake($took,next_pid)' \
		> $sched/sched_switch/trigger &&
	echo 'hist:keys=took.log2' > $TRACING/events/synthetic/bench_wake/trigger || {
		cat $TRACING/error_log
		return 1
	}
}

down_ftrace_hist() {
	local sched=$TRACING/events/sched

	cat $sched/sched_switch/hist $TRACING/events/synthetic/bench_wake/hist
	echo '!hist:keys=took.log2' > $TRACING/events/synthetic/bench_wake/trigger
	echo '!hist:keys=next_pid:took=common_timestamp-$at:onmax($took).save(next_comm):onmatch(sched.sched_waking).bench_wake($took,next_pid)' \
		> $sched/sched_switch/trigger
	echo '!hist:keys=pid:at=common_timestamp' > $sched/sched_waking/trigger
	echo > $TRACING/synthetic_events
}

# -- For the way of a packet: all events that latwatch hooks

# What it hooks, once it was loaded for that.
way_begin() {
	up_latwatch || return
	"$REPORT" --json |
		python3 -I -S -c '
import json, sys
for point in json.load(sys.stdin)["info"]["tracepoints"]:
    if point["kind"] == "tracepoint" and point["attached"]:
        print(point["name"])' > /run/bench-tracepoints
	down_latwatch
	[ -s /run/bench-tracepoints ]
}

all_tracepoints() {
	cat /run/bench-tracepoints
}

# The same as SYSTEM:NAME, each after WORDS
all_events() {
	local name path

	while read -r name; do
		for path in "$TRACING"/events/*/"$name"; do
			[ ! -d "$path" ] ||
				printf '%s %s:%s ' "$1" \
					"$(basename "$(dirname "$path")")" "$name"
		done
	done < /run/bench-tracepoints
}

up_empty_all() {
	insmod "$BENCH_KO" "tracepoints=$(all_tracepoints | paste -sd ,)"
}

down_empty_all() {
	rmmod lwbench
}

records() {
	[ -e /run/trace.dat.cpu0 ] && [ "$(< $TRACING/tracing_on)" = 1 ]
}

up_trace_cmd() {
	# shellcheck disable=SC2046
	background records trace-cmd record -q -o /run/trace.dat \
		$(all_events -e)
}

down_trace_cmd() {
	foreground
	rm -f /run/trace.dat*
}

up_bpftrace_way() {
	background bpftrace_all bpftrace "$BENCH_DIR/breakdown.bt" \
		"$(thread_named 'irq/.*eth1')" "$(thread_named vhost-)" \
		"$(thread_named 'CPU 0/KVM')"
}

bpftrace_all() {
	attached "$(grep -c ^tracepoint: "$BENCH_DIR/breakdown.bt")"
}

# thread_named PATTERN: the first
thread_named() {
	grep -l -m 1 -e "^$1" /proc/[0-9]*/task/*/comm 2> /dev/null |
		head -n 1 | cut -d / -f 5
}

down_bpftrace_way() {
	foreground
}

up_perf_way() {
	rm -f /run/bench-begun
	# shellcheck disable=SC2046
	background begun perf record -a -o /run/perf.data $(all_events -e) -- \
		sh -c ': > /run/bench-begun; exec sleep 10000'
}

down_perf_way() {
	foreground
	rm -f /run/perf.data
}

# -- What each lost: tool_forget NAME, then tool_lost NAME FILE...

tool_forget() {
	case $1 in
	latwatch)	"$REPORT" --reset ;;
	bpftrace-way)	sysctl -q kernel.bpf_stats_enabled=1 ;;
	esac
}

tool_lost() {
	case $1 in
	latwatch)
		"$REPORT" --json > "$2.json"
		;;
	trace-cmd)
		cat $TRACING/per_cpu/cpu*/stats > "$2.stats"
		;;
	bpftrace-way)
		bpftool -j prog show > "$2.json"
		sysctl -q kernel.bpf_stats_enabled=0
		;;
	perf-way)
		# the host reads it
		foreground
		cp /run/perf.data "$2.data"
		;;
	esac
}
