#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# faults: memory is refused at each point of the module's initialisation and of
# each request. Only in a kernel with FAULT_INJECTION, FAILSLAB, FAIL_PAGE_ALLOC and
# FAULT_INJECTION_STACKTRACE_FILTER.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_lab "faults"
lw_need_tools python3
lw_need_program faults
debug=/sys/kernel/debug
for file in /proc/self/fail-nth $debug/failslab/require-start \
	    $debug/fail_page_alloc/require-start; do
	[ -e "$file" ] || lw_skip_all "this kernel injects no faults"
done

# The module is loaded some hundred times, and RT's grace periods take their time.
for setting in rcu_normal:0 rcu_expedited:1; do
	lw_at_exit "echo $(< /sys/kernel/${setting%:*}) > /sys/kernel/${setting%:*}"
	echo "${setting#*:}" > "/sys/kernel/${setting%:*}"
done

# all sorts of allocations, and not a word of each in the log
for name in failslab fail_page_alloc; do
	for setting in ignore-gfp-wait ignore-gfp-highmem; do
		[ ! -e $debug/$name/$setting ] || echo N > $debug/$name/$setting
	done
	echo 0 > $debug/$name/verbose
done
echo 0 > $debug/fail_page_alloc/min-order

# below START END: only what is called from that part of the kernel is refused.
below() {
	local name

	for name in failslab fail_page_alloc; do
		echo "$1" > $debug/$name/require-start &&
		echo "$2" > $debug/$name/require-end || return
	done
}

# What the kernel itself needs to read a module and to link it is not ours.
load() {
	local range

	# the kernel proper comes first, by address
	range=$(awk '
		found && $1 != found { print "0x" found, "0x" $1; exit }
		$3 == "do_one_initcall" { found = $1 }' /proc/kallsyms)
	# shellcheck disable=SC2086
	below $range && results load "$LW_TMP/latwatch.ko" "$small"
}

# Small tables are asked for as often as large ones.
small="max_vms=1 max_tasks=16 max_skbs=64 max_taps=1 max_batches=32"

results() {
	local file=$LAB_OUT/faults.$1.log

	"$LATWATCH_PROGRAMS/faults" "$@" > "$file"
	status=$?
	cat "$file"
	[ "$status" = 0 ] && ! grep -q -w SKIP "$file"
}

requests() {
	below 0 0xffffffffffffffff &&
	lw_load && lw_true 'len(attached()) > 10' && results requests &&
	lw_wait 10 lw_unheld && lw_true 'len(attached()) > 10' && lw_unload
}

# The kernel tells of a refusal with a trace of the caller, which is none of a
# fault; any other is.
no_splat() {
	local bad

	bad=$(lw_dmesg_since all | awk '
		/vmalloc error|allocation failure|allocation failed/ { skip = 1 }
		!skip
		/<\/TASK>/ { skip = 0 }' |
		grep -A 20 -E 'WARNING:|BUG:|BUG at|Oops|Call Trace:|general protection|unable to handle|KASAN')
	[ -z "$bad" ] || {
		echo "$bad"
		return 1
	}
}

dmesg -n 1
lw_dmesg_mark all
lw_begin 4
lw_test "each point of a load" load
lw_test "each point of each request" requests
lw_test "nothing is leaked" lw_kmemleak
lw_test "the kernel has no complaint" no_splat && dmesg -C
lw_end
