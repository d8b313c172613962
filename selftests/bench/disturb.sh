#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# disturb: what a task of high priority notices of latwatch, beside traffic to a
# guest. Runs inside the lab, in the topology vm with one CPU; "bench" calls it.
#
# Takes how often each is measured. Leaves in $LAB_OUT, in pairs A B A B
#	TEST.alone.N, TEST.with.N	latencies in ns, "NUMBER HOW-OFTEN" lines
# of cyclictest, and of timerlat's interrupt and thread (rtla).

here=$(dirname "$(readlink -f "$0")")
. "$here/tools.sh"

# of the machine's time
SECONDS_EACH=2
# of the traffic, between an answer and the next question
PAUSES_US="300 700 1100"

repeats=$1
guest=$(lab_guest_ip)
TRAFFIC=()

traffic_up() {
	local pause

	for pause in $PAUSES_US; do
		lab_host2 "$BENCH_BUILD/udp-rtt" "$guest" 7 1000000 "$pause" \
			> /dev/null &
		TRAFFIC+=($!)
	done
}

traffic_runs() {
	local pid

	for pid in "${TRAFFIC[@]}"; do
		kill -0 "$pid" || return
	done
}

# cyclic FILE: each latency, then how often it was
cyclic() {
	cyclictest -m -p 95 -i 1000 -l $((SECONDS_EACH * 1000)) -N -v |
		awk -F : '$1 ~ /^ *[0-9]+$/ { n[$3 + 0]++ }
			  END { for (v in n) print v, n[v] }' > "$LAB_OUT/cyclictest.$1"
}

# timerlat FILE: in buckets of 100 ns; what is above all of them, as the maximum
timerlat() {
	rtla timerlat hist -d ${SECONDS_EACH}s -n -b 100 -E 50000 \
		> "$LAB_OUT/rtla.$1"
	buckets 2 > "$LAB_OUT/timerlat-irq.$1" < "$LAB_OUT/rtla.$1"
	buckets 3 > "$LAB_OUT/timerlat-thread.$1" < "$LAB_OUT/rtla.$1"
}

buckets() {
	awk -v column="$1" '
		$1 ~ /^[0-9]+$/ && $column > 0	{ print $1, $column }
		$1 == "over:"			{ over = $column }
		$1 == "max:" && over > 0	{ print $column, over }'
}

tools_begin
traffic_up
trap 'kill "${TRAFFIC[@]}"' EXIT
for ((i = 1; i <= repeats; i++)); do
	cyclic "alone.$i"
	timerlat "alone.$i"
	tool_up latwatch || exit
	cyclic "with.$i"
	timerlat "with.$i"
	"$REPORT" --json > "$LAB_OUT/report.$i.json"
	tool_down latwatch
done
traffic_runs
