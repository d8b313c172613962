#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# gates: a sender with several queues, by class: taprio's gates, and etf below
# mqprio.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"
# shellcheck source=path.sh
. "$(dirname "$0")/path.sh"

lw_need_module
lw_need_report
lw_need_lab "gates"
lw_need_tools python3 tc ping

is_sent="whole() and shows('local', 'qdisc', 'driver', 'completion')"

# priority 6, which is TOS 0x10, and 1 are a class of their own
classes="num_tc 2 map 0 1 0 0 0 0 1 0 0 0 0 0 0 0 0 0 queues 1@0 1@1"

# The second class's gate is open for 2 of 20 ms, so one of these pings, 3 ms
# apart, finds it closed for more than 5.
gate() {
	# shellcheck disable=SC2086
	modprobe -a sch_taprio sch_mqprio &&
	tc qdisc replace dev eth1 parent root handle 100: taprio $classes \
		base-time 0 sched-entry S 01 18000000 sched-entry S 02 2000000 \
		clockid CLOCK_TAI || return
	path_of - "$is_sent and line('handed to the NIC\'s driver') >= 20 and
		stage('qdisc', 'local')['max_ns'] > 5 * 10**6" \
		ping -q -Q 0x10 -c 20 -i 0.003 -W 10 "$LAB_HOST2_IP"
	status=$?
	tc qdisc del dev eth1 root
	return "$status"
}

classed() {
	"$LAB_TOOLS/txtime" "$LAB_HOST2_IP" 9 5 2000000 1000 1 &&
	"$LAB_TOOLS/txtime" "$LAB_HOST2_IP" 9 3 -5000 1000 1 &&
	ping -q -c 3 -i 0.01 -W 10 "$LAB_HOST2_IP"
}

# Its class alone has times: pings, and host2's answers, pass by. CPUs that take
# turns run late by what another program on the real one took; a second is allowed
# for that.
class() {
	# shellcheck disable=SC2086
	modprobe -a sch_mqprio sch_etf &&
	tc qdisc replace dev eth1 parent root handle 100: mqprio $classes hw 0 &&
	tc qdisc replace dev eth1 parent 100:2 etf clockid CLOCK_TAI delta 1000000000 ||
		return
	path_of - "$is_sent and line('handed to the NIC\'s driver') == 11 and
		host['paths']['local']['dropped'] == 3 and
		stage('qdisc', 'local')['max_ns'] > 5 * 10**8" classed
	status=$?
	tc qdisc del dev eth1 root
	return "$status"
}

lw_dmesg_mark all
lw_begin 4
lw_test "the module loads" lw_load
lab_arp_off eth1
lw_test "taprio: a packet waits for its gate" gate
lw_test "mqprio: etf for one class of two" class
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
