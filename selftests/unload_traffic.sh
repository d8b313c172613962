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

# Kilobytes of what a module can ask for, kind by kind. Slabs are counted by what is in
# use of them, if the kernel tells: an empty one is kept for a while, and takes what is
# leaked without growing.
memory() {
	local cache

	echo 2 > /proc/sys/vm/drop_caches
	for cache in /sys/kernel/slab/kmalloc-*/shrink; do
		echo 1 > "$cache"
	done
	{
		[ ! -r /proc/slabinfo ] || awk '$1 ~ /^kmalloc-/ { bytes += $2 * $4 }
			END { print "kmalloc", int(bytes / 1024) }' /proc/slabinfo
		awk '/^(VmallocUsed|Percpu):/ { print $1, $2 }' /proc/meminfo
	} | paste -sd ' '
}

# load_often TIMES: and unload it.
load_often() {
	local i

	for ((i = 0; i < $1; i++)); do
		lw_load && lw_unload || return
	done
}

# grew BEFORE AFTER KILOBYTES: did a kind of memory, by more than that? Each has its
# name before it, and names differ by nothing.
grew() {
	awk -v most="$3" '{
		for (i = 1; i <= NF / 2; i++)
			if ($(NF / 2 + i) - $i > most)
				grew = 1
	} END { exit !grew }' <<< "$1 $2"
}

# No area is left; and once all that the kernel keeps for good is there, no kind of
# memory has grown by half a kilobyte each time and 16 at all. Fifty times later the
# lab has a few more; had each time left the costs of one CPU, it would be 60, and 195
# had it left a struct lw_cpu. Others may ask for more meanwhile, but not in each of
# three tries. A kernel that tells what is leaked keeps what is freed for a while, so
# there it is asked.
leaves_nothing() {
	local before after times

	times=$(lw_stress 50 1000)
	lw_traffic_stop
	lw_unload
	load_often 10 || return
	for _ in 1 2 3; do
		before=$(memory)
		load_often "$times" || return
		after=$(memory)
		echo "kB: $before; $times times later $after"
		[ ! -w "$LW_KMEMLEAK" ] || break
		grew "$before" "$after" $((16 + times / 2)) || break
		before=
	done
	echo "orphans: $areas, $(orphans)"
	[ -n "$before" ] && [ "$(orphans)" = "$areas" ] &&
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
lw_diag "$(grep kB "$LW_TMP/.said")"
lw_test "the guest still answers" lw_ping 3
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
