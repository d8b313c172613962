#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317,SC2329
#
# events: wake-to-run latency over "perf bench sched pipe", by latwatch and by
# what people would use instead. Runs inside the lab, in a machine with one CPU
# and no traffic; "bench" calls it.
#
# Takes how often each is measured, and names of tools (default all). Leaves in
# $LAB_OUT
#	events.tsv	tool, "us" and microseconds per operation of each run; or
#			"absent" and why
#	ruler.TOOL	what lwbench counted (lwbench.c) around nothing and around
#			latwatch; all tasks that take part have traffic of 9p
#	events.count	events in one run, and its operations

here=$(dirname "$(readlink -f "$0")")
. "$here/tools.sh"

OPERATIONS=5000
# in the order of the table; nothing comes between all of them
TOOLS="empty latwatch latwatch-off latwatch-self-cost schedstats osnoise bpf
	perf-stat bpftrace-empty ftrace runqlat bpftrace ftrace-hist perf-record"

repeats=$1
shift
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $TOOLS

pipe() {
	perf bench sched pipe -l $OPERATIONS 2>&1 |
		awk '/usecs\/op/ { print $1 }'
}

# once NAME: one line of a run that worked
once() {
	local us

	us=$(pipe)
	[ -n "$us" ] || return
	printf '%s\tus\t%s\n' "$1" "$us" >> "$LAB_OUT/events.tsv"
}

measure() {
	local i

	if ! tool_up "$1" > "$LAB_OUT/$1.log" 2>&1; then
		printf '%s\tabsent\t%s\n' "$1" "$(tail -n 1 "$LAB_OUT/$1.log")" \
			>> "$LAB_OUT/events.tsv"
	else
		for ((i = 0; i < repeats; i++)); do
			once "$1"
		done
	fi
	tool_down "$1" >> "$LAB_OUT/$1.log" 2>&1
	once nothing
}

# How many events there are, by the ruler with nothing between; then again with
# latwatch, while something comes by 9p: its interrupt's thread is followed.
ruler() {
	insmod "$BENCH_KO" measure=1 tracepoints=sched_waking,sched_switch || return
	echo > "$RULER"
	pipe > /dev/null
	sed "1i operations\t$OPERATIONS" "$RULER" > "$LAB_OUT/events.count"
	ruler_traffic
	cat "$RULER" > "$LAB_OUT/ruler.nothing"
	tool_up latwatch || return
	echo > "$RULER"
	pipe > /dev/null
	ruler_traffic
	cat "$RULER" > "$LAB_OUT/ruler.latwatch"
	tool_down latwatch
	rmmod lwbench
}

ruler_traffic() {
	find "$here/../.." -name '*.[ch]' -newermt 2000-01-01 -exec cat {} + |
		wc -c > /dev/null
}

: > "$LAB_OUT/events.tsv"
tools_begin
pipe > /dev/null
once nothing
for tool; do
	measure "$tool"
done
[[ " $* " != *" latwatch "* ]] || ruler
