#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# budget: what is longer than its limit is counted exactly, and told at once; and no
# second is missed by whoever reads the windows.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_guest
lw_need_tools python3

# limits LINE...: these, and no others
limits() {
	printf '%s\n' "$@" | "$LATWATCH_REPORT" budget -
}

# Each end to end is longer than 1 ns, and none than an hour.
each_is_counted() {
	limits "rx/end-to-end 1ns" "tx/end-to-end 3600s" &&
	"$LATWATCH_REPORT" --reset > /dev/null &&
	lw_ping 10 && lw_burst 20 && lw_closed || return
	"$LATWATCH_REPORT" budget
	lw_true "[b['breaches'] for b in j['budget']] ==
		[stage('end to end')['count'], 0] and
		stage('end to end')['count'] >= 25" "$LW_TMP/json"
}

# heard FILE EXPRESSION: true of the lines that the monitor printed
heard() {
	python3 -c '
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
print(len(lines), lines[:2])
if not eval("(" + sys.argv[2] + ")"):
    sys.exit("not so: " + sys.argv[2])
' "$1" "$2"
}

# A listener gets whole flights of a VM, whose marks span what is told.
each_is_told() {
	local pid vm

	"$LATWATCH_REPORT" monitor --json --count 5 > "$LW_TMP/told" &
	pid=$!
	if ! { lw_wait 10 listens "$pid" && lw_ping 8 && lw_wait 20 lw_gone "$pid"; }; then
		kill "$pid"
		cat "$LW_TMP/told"
		return 1
	fi
	vm=$(lw_json 'j["vms"][0]["id"]')
	heard "$LW_TMP/told" "len(lines) == 5 and all(
		l['stage'] == 'end to end' and l['path'] == 'rx' and l['vm'] == $vm and
		l['limit_ns'] == 1 < l['value_ns'] and l['residual_ns'] == 0 and
		max(m['time_ns'] for m in l['marks']) -
		min(m['time_ns'] for m in l['marks']) == l['value_ns'] and
		l['actors'] for l in lines)"
}

# It has joined the group, after it has read a report: both are seen in its sockets.
listens() {
	grep -q " $1 .*" /proc/net/netlink &&
	awk -v pid="$1" '$3 == pid && $2 == 16 && $4 != "00000000" { found = 1 }
		END { exit !found }' /proc/net/netlink
}

lw_gone() {
	! kill -0 "$1" 2> /dev/null
}

# What comes faster than it is told is counted, and said to be so many more.
faster_than_told() {
	local pid

	limits "rx/hard-irq 1ns" "rx/softirq-wait 1ns" "rx/napi 1ns" "rx/tap-dwell 1ns" \
		"rx/end-to-end 1ns" &&
	"$LATWATCH_REPORT" --reset > /dev/null || return
	"$LATWATCH_REPORT" monitor --json > "$LW_TMP/fast" &
	pid=$!
	lw_wait 10 listens "$pid" && lw_burst 200 && lw_closed
	sleep 1
	lw_burst 1
	sleep 1
	kill "$pid"
	wait "$pid"
	"$LATWATCH_REPORT" --json > "$LW_TMP/json"
	"$LATWATCH_REPORT" budget
	lw_true "all(b['breaches'] == stage(b['stage'])['count'] for b in j['budget'])" \
		"$LW_TMP/json" &&
	heard "$LW_TMP/fast" "sum(l.get('dropped', l.get('count')) for l in lines) ==
		$(lw_json 'sum(b["breaches"] for b in j["budget"])') and
		any('dropped' in l for l in lines)"
}

a_limit_that_is_no_more() {
	limits "" && "$LATWATCH_REPORT" --reset > /dev/null && lw_ping 3 && lw_closed &&
	lw_true "'budget' not in j" "$LW_TMP/json"
}

# A bad line changes nothing.
nothing_half_set() {
	limits "rx/end-to-end 5ms" || return
	limits "rx/end-to-end 6ms" "rx/nonsense 1ms" 2> "$LW_TMP/why" && return 1
	cat "$LW_TMP/why"
	grep -q -- "-:2: no stage of this path has this name; the limits of before stay" \
		"$LW_TMP/why" &&
	lw_true "[b['limit_ns'] for b in j['budget']] == [5000000]"
}

# Seconds add up to what the stage has counted, and their maxima to its maximum.
seconds_add_up() {
	"$LATWATCH_REPORT" --reset > /dev/null
	lw_ping 4 0.7 && lw_burst 30 && lw_closed || return
	"$LATWATCH_REPORT" windows rx/end-to-end > "$LW_TMP/seconds" || return
	cat "$LW_TMP/seconds"
	"$LATWATCH_REPORT" windows rx/end-to-end | diff "$LW_TMP/seconds" - &&
	lw_true "(stage('end to end')['count'], stage('end to end')['max_ns']) ==
		($(awk '/^    [0-9]/ { gsub(",", ""); n += $2; us = $3 > us ? $3 : us; s++ }
			END { printf "%d, round(%.3f * 1000)", n, us; exit s < 2 }' \
			"$LW_TMP/seconds"))" "$LW_TMP/json"
}

lw_dmesg_mark all
lw_begin 8
lw_test "the module loads" lw_load
lw_test "each that is longer than its limit is counted" each_is_counted
lw_test "each is told, with its flight" each_is_told
lw_test "what comes faster than it is told is counted" faster_than_told
lw_test "a bad line changes nothing" nothing_half_set
lw_test "without limits nothing is counted" a_limit_that_is_no_more
lw_test "no second is missed" seconds_add_up
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
