#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# unload_traffic: the module comes and goes while packets do.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3
lw_need_guest

times=${UNLOAD_TIMES:-50}

saw_packets() {
	lw_true 'total(host, "opened") > 0'
}

# Most of the time in the middle of a packet's way; a few times it may see one
# from begin to end.
come_and_go() {
	local i

	for ((i = 0; i < times; i++)); do
		lw_load || return
		[ $((i % 10)) != 0 ] || lw_wait 20 saw_packets || return
		lw_unload || return
	done
}

# What was on its way when it came must not upset the books.
books() {
	lw_load && lw_wait 20 saw_packets || return
	lw_traffic_stop
	lw_closed
}

lw_dmesg_mark all
lw_begin 4
lw_traffic_start
lw_test "$times times, while packets come" come_and_go
lw_test "the books close after the last time" books
lw_test "the guest still answers" lw_ping 3
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
