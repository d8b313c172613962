#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# unload_traffic: the module comes and goes while packets do, and leaves nothing.
#
#	UNLOAD_TIMES	how often (50; LATWATCH_STRESS=full: 1,000)

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3
lw_need_guest

times=${UNLOAD_TIMES:-$(lw_stress 50 1000)}

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

# Areas of memory that nobody answers for: whoever asked for them has no name any
# more, so it was a module.
orphans() {
	grep -c -E '^0x[^ ]+ +[0-9]+ 0x' /proc/vmallocinfo
}

# kilobytes FIELD...: of /proc/meminfo, together
kilobytes() {
	local field sum=0

	for field; do
		sum=$((sum + $(sed -n "s/^$field: *\([0-9]*\) kB/\1/p" /proc/meminfo)))
	done
	echo "$sum"
}

memory() {
	echo 2 > /proc/sys/vm/drop_caches
	kilobytes VmallocUsed Percpu SUnreclaim
}

# No area is left, and of smaller things less than a kilobyte each time, beside
# noise, once all that the kernel keeps for good is there.
leaves_nothing() {
	local before after i times

	times=$(lw_stress 20 1000)
	lw_traffic_stop
	lw_unload
	for ((i = 0; i < 5; i++)); do
		lw_load && lw_unload || return
	done
	before=$(memory)
	for ((i = 0; i < times; i++)); do
		lw_load && lw_unload || return
	done
	after=$(memory)
	echo "kilobytes: $before, $times times later $after; orphans: $areas, $(orphans)"
	[ "$(orphans)" = "$areas" ] &&
	[ $((after - before)) -lt $((times + 512)) ] &&
	{ [ ! -w "$LW_KMEMLEAK" ] || lw_kmemleak; }
}

# What was on its way when it came must not upset the books.
books() {
	lw_load && lw_wait 20 saw_packets || return
	lw_traffic_stop
	lw_closed
}

lw_dmesg_mark all
areas=$(orphans) # of other modules
lw_begin 5
lw_traffic_start
lw_test "$times times, while packets come" come_and_go
lw_test "the books close after the last time" books
lw_test "loaded and unloaded again: it leaves nothing" leaves_nothing
lw_test "the guest still answers" lw_ping 3
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
