#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# way: round trips host2 > NIC > bridge > tap > vhost > VM and back, with the whole
# breakdown of latwatch and of what people would use instead. Runs inside the lab,
# in the topology vm with one CPU; "bench" calls it.
#
# Takes how often each is measured, and names of tools (default all). Leaves in
# $LAB_OUT
#	before.N	round trips in ns, before anything was ever loaded
#	TOOL.alone.N, TOOL.with.N	then pairs, A B A B
#	way.tsv		tool, "busy", ns that the CPU was not idle, round trips;
#			or "absent" and why
#	ruler.TOOL	what lwbench counted around nothing and around latwatch
#	ruler.trips	in so many round trips
#	flood.KIND.TOOL.*	what each says of its losses, and flood.KIND.tsv

here=$(dirname "$(readlink -f "$0")")
. "$here/tools.sh"

TRIPS=100
PACED=400
FLOOD=5000
TOOLS="latwatch latwatch-off empty-all trace-cmd bpftrace-way perf-way"

repeats=$1
shift
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $TOOLS
guest=$(lab_guest_ip)

# trips COUNT [PAUSE_US]
trips() {
	lab_host2 "$BENCH_BUILD/udp-rtt" "$guest" 7 "$@"
}

# The CPU's time and how much of that it was idle.
clocks() {
	awk '/^now at / { now = $3 }
	     /idle_sleeptime/ { idle = $3 }
	     END { printf "%.0f %.0f\n", now, idle }' /proc/timer_list
}

# busy TOOL: how long the CPU works for a packet each ms
busy() {
	local before after

	read -r -a before <<< "$(clocks)"
	trips $PACED 1000 > /dev/null
	read -r -a after <<< "$(clocks)"
	printf '%s\tbusy\t%s\t%s\n' "$1" \
		$((after[0] - before[0] - (after[1] - before[1]))) $PACED \
		>> "$LAB_OUT/way.tsv"
}

measure() {
	local i

	for ((i = 1; i <= repeats; i++)); do
		trips $TRIPS > "$LAB_OUT/$1.alone.$i"
		busy "$1.alone"
		if ! tool_up "$1" > "$LAB_OUT/$1.log" 2>&1; then
			printf '%s\tabsent\t%s\n' "$1" \
				"$(tail -n 1 "$LAB_OUT/$1.log")" \
				>> "$LAB_OUT/way.tsv"
			tool_down "$1" >> "$LAB_OUT/$1.log" 2>&1
			return
		fi
		trips 20 > /dev/null
		trips $TRIPS > "$LAB_OUT/$1.with.$i"
		busy "$1.with"
		tool_down "$1" >> "$LAB_OUT/$1.log" 2>&1
	done
}

# What latwatch's probes take, each.
ruler() {
	insmod "$BENCH_KO" measure=1 "tracepoints=$(all_tracepoints | paste -sd ,)" ||
		return
	echo > "$RULER"
	trips $TRIPS > /dev/null
	cat "$RULER" > "$LAB_OUT/ruler.nothing"
	tool_up latwatch || return
	trips 20 > /dev/null
	echo > "$RULER"
	trips $TRIPS > /dev/null
	cat "$RULER" > "$LAB_OUT/ruler.latwatch"
	echo $TRIPS > "$LAB_OUT/ruler.trips"
	tool_down latwatch
	rmmod lwbench
}

# flood KIND TOOL: frames back to back, and what was lost of their events. The
# sender is the load: of FIFO priority 10, it keeps from the CPU whoever reads.
flood() {
	local sender=()

	[ "$1" = plain ] || sender=(chrt -f 10)
	tool_up "$2" > "$LAB_OUT/flood.$1.log" 2>&1 || return
	trips 20 > /dev/null
	tool_forget "$2"
	lab_host2 "${sender[@]}" mausezahn eth2 -q -c $FLOOD -d 0 -B "$guest" \
		-t udp "sp=4000,dp=9" -p 18 > /dev/null
	trips 20 > /dev/null
	tool_lost "$2" "$LAB_OUT/flood.$1.$2" >> "$LAB_OUT/flood.$1.log" 2>&1
	tool_down "$2" >> "$LAB_OUT/flood.$1.log" 2>&1
}

: > "$LAB_OUT/way.tsv"
trips 100 > /dev/null
for ((i = 1; i <= repeats; i++)); do
	trips $TRIPS > "$LAB_OUT/before.$i"
	busy before
done
tools_begin
way_begin || exit
for tool; do
	measure "$tool"
done
[[ " $* " != *" latwatch "* ]] || ruler
for tool; do
	case $tool in
	latwatch-off | empty-all)
		;;
	*)	flood plain "$tool"
		flood fifo "$tool" ;;
	esac
done
