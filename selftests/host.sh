#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# host: from host to host, no VM: readers, and a sender whose packets want to
# leave at a time of their own.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"
# shellcheck source=path.sh
. "$(dirname "$0")/path.sh"

lw_need_module
lw_need_report
lw_need_lab "host"
lw_need_tools python3 tc

is_sent="whole() and shows('local', 'driver', 'completion')"
is_read="shows('rx', $PATH_IRQ, 'softirq wait') and
	shows('reader', 'stack', 'reader wake', 'copy', 'end to end') and
	stage('end to end', 'reader')['count'] >= 10"

# etf DELTA_US: lets a packet go so long before its time.
etf() {
	tc qdisc del dev eth1 root 2> /dev/null
	modprobe sch_etf &&
	tc qdisc add dev eth1 root etf clockid CLOCK_TAI delta $(($1 * 1000))
}

# What the qdisc itself says that it dropped.
dropped_by_qdisc() {
	tc -s qdisc show dev "$1" | sed -n 's/.*(dropped \([0-9]*\),.*/\1/p' |
		paste -sd + | bc
}

# None leaves earlier than that, so each waits for a second of its one and a half.
# There is no upper bound to test. Where an emulator stands still for longer than
# the margin, etf drops some.
hold() {
	etf 500000 &&
	path_of - "$is_sent and line('handed to the NIC\'s driver') > 0 and
		line('handed to the NIC\'s driver') +
			(host['paths']['local']['dropped'] or 0) == 5 and
		stage('qdisc', 'local')['count'] ==
			line('handed to the NIC\'s driver') and
		stage('qdisc', 'local')['max_ns'] > 9 * 10**8" \
		"$LAB_TOOLS/txtime" "$LAB_HOST2_IP" 9 5 1500000 1000
}

# late DELTA_US DELAY_US COUNT: as many are dropped as the qdisc says.
late() {
	etf "$1" || return
	path_of - "whole() and line('handed to the NIC\'s driver') == 0 and
		host['paths']['local']['dropped'] == $3" \
		"$LAB_TOOLS/txtime" "$LAB_HOST2_IP" 9 "$3" "$2" 1000 || return
	[ "$(dropped_by_qdisc eth1)" = "$3" ]
}

lw_dmesg_mark all
lw_begin 7
lw_test "the module loads" lw_load
lw_test "this machine answers" lab_host_up
lw_test "a reader, and its answers" path_of - "$is_sent and $is_read" \
	lab_echo 10 "$LAB_HOST_IP" 7
lab_arp_off eth1
lw_test "etf holds packets until their time" hold
lw_test "etf drops what comes too late" late 2000 -5000 4
lw_test "etf drops what it is too late for itself" late 0 5000 4
tc qdisc del dev eth1 root
lab_arp_on eth1
lab_switch_down
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
