#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# clock: what time is made of changes beneath the module: another source, another
# rate, another date, and a while in which nothing runs.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_lab "clock"
lw_need_tools python3 ping date

source=/sys/devices/system/clocksource/clocksource0
first=$(< $source/current_clocksource)
read -r -a others < $source/available_clocksource

if [ -n "$LATWATCH_GUEST" ] && lw_ping 1 > /dev/null 2>&1; then
	traffic() { lw_ping 5 0.01 && lw_burst 30; }
else
	traffic() {
		lw_sender ping -q -c 5 -i 0.01 -W 5 "$LAB_HOST_IP" &&
		lab_echo 3 "$LAB_HOST_IP" 7 &&
		lab_burst 30 "$LAB_HOST_IP"
	}
fi

# Nothing lasted longer than it was looked at, by a clock that none of this
# touches as long as nothing sleeps; and the books close.
sane() {
	lw_closed || return
	lw_true 'max([s["max_ns"] or 0 for p in [j["host"]] + j["vms"]
		      for s in p["stages"]] + [0]) <=
		 j["info"]["now_ns"] - j["info"]["since_ns"] and
		 all(s["min_ns"] <= s["avg_ns"] <= s["max_ns"]
		     for p in [j["host"]] + j["vms"] for s in p["stages"]
		     if s["count"]) and
		 sum(s["count"] for p in [j["host"]] + j["vms"]
		     for s in p["stages"]) > 20' "$LW_TMP/json"
}

named() {
	"$LATWATCH_REPORT" | head -n 1 | tee "$LW_TMP/head"
	grep -q "clock mono/$1 " "$LW_TMP/head"
}

# The module's now is CLOCK_MONOTONIC: it lies between two readings of that.
agrees() {
	python3 -I -S -c '
import json, subprocess, sys, time
clock = time.CLOCK_MONOTONIC
before = time.clock_gettime_ns(clock)
out = subprocess.run([sys.argv[1], "--json"], capture_output=True, check=True)
after = time.clock_gettime_ns(clock)
now = json.loads(out.stdout)["info"]["now_ns"]
if not before <= now <= after:
    sys.exit(f"{now} is not from {before} to {after}")
' "$LATWATCH_REPORT"
}

switch() {
	echo "$1" > $source/current_clocksource &&
	[ "$(< $source/current_clocksource)" = "$1" ]
}

# to all that there are, under traffic, and each is told by its name
sources() {
	local other i

	[ "${#others[@]}" -gt 1 ] || {
		echo "there is none but ${others[*]}"
		return "$KSFT_SKIP"
	}
	lw_at_exit "echo $first > $source/current_clocksource"
	"$LATWATCH_REPORT" --reset || return
	for ((i = 0; i < $(lw_stress 1 50); i++)); do
		for other in "${others[@]}"; do
			traffic &
			sleep 0.05
			switch "$other" && named "$other" && agrees || return
			wait "$!" || return
		done
	done
	switch "$first" && traffic && sane
}

# the rate: 10 % slower and faster, the most that adjtimex(2) takes
rate() {
	python3 -I -S -c '
import ctypes, sys
buf = (ctypes.c_long * 32)()
buf[0] = 0x4000	# ADJ_TICK
buf[11] = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
if libc.adjtimex(buf) < 0:
    sys.exit(f"adjtimex: errno {ctypes.get_errno()}")
' "$1"
}

# What beats at another rate than the system's is off by milliseconds soon.
slewed() {
	local i status=0

	lw_at_exit "rate 10000"
	agrees || return
	for i in 9000 11000 10000; do
		rate "$i" && sleep 0.5 && agrees || status=1
	done
	rate 10000
	return $status
}

rates() {
	local i

	lw_full || return
	lw_at_exit "rate 10000"
	"$LATWATCH_REPORT" --reset || return
	for ((i = 0; i < 100; i++)); do
		traffic &
		rate 9000 && sleep 0.02 && rate 11000 || return
		wait "$!" || return
		[ $((i % 10)) != 0 ] || agrees || return
	done
	rate 10000 && traffic && sane
}

# the date: it is in no duration
dates() {
	local i now

	"$LATWATCH_REPORT" --reset || return
	for ((i = 0; i < $(lw_stress 1 50); i++)); do
		traffic &
		now=$(date +%s)
		date -s "@$((now + 400000000))" > /dev/null &&
		sleep 0.02 &&
		date -s "@$now" > /dev/null || return
		wait "$!" || return
	done
	sane
}

# All tasks are frozen, as on the way to a suspend, for a second; what waits for
# them waits for as long.
frozen() {
	if [ ! -w /sys/power/pm_test ] || ! grep -q freeze /sys/power/state; then
		echo "this kernel has no test of suspend"
		return "$KSFT_SKIP"
	fi
	lw_at_exit "echo none > /sys/power/pm_test"
	echo 1 > /sys/module/suspend/parameters/pm_test_delay
	echo freezer > /sys/power/pm_test &&
	"$LATWATCH_REPORT" --reset || return
	traffic &
	sleep 0.02
	echo freeze > /sys/power/state || return
	wait "$!"
	traffic && sane
}

lw_dmesg_mark all
lw_begin 8
lw_test "the module loads" lw_load
lw_test "the clock is named: $first" named "$first"
lw_test "it is the system's" slewed
lw_test "from ${others[*]} to each other" sources
lw_test "10 % slower and faster" rates
lw_test "years forth and back" dates
lw_test "all tasks frozen for a second" frozen
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
