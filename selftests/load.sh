#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# load: the module comes and goes as it should, and refuses what it must.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3

# Without guests: what KVM would set is missing, and nothing else is.
without_kvm() {
	if [ -d /sys/module/kvm ]; then
		echo "KVM is loaded"
		return "$KSFT_SKIP"
	fi
	lw_load || return
	# what this kernel has no tracepoint for is not attached either
	lw_json '[t["name"] for t in j["info"]["tracepoints"]
		  if t["kind"] == "tracepoint" and
		     t["attached"] != (exists(t["name"]) and
				       not t["name"].startswith("kvm_"))]' |
		tee "$LW_TMP/wrong"
	[ "$(cat "$LW_TMP/wrong")" = "[]" ] &&
	lw_true 'len(attached()) > 10' &&
	lw_unload
}

second() {
	lw_load || return
	! lw_load 2> "$LW_TMP/second" || return
	cat "$LW_TMP/second"
	grep -q "File exists" "$LW_TMP/second" && lw_loaded
}

# A reader that has gone holds nothing.
unused() {
	"$LATWATCH_REPORT" --json > "$LW_TMP/json" || return
	lw_wait 10 lw_unheld
}

unload() {
	lw_unload && ! lw_loaded && ! "$LATWATCH_REPORT"
}

# refused PARAMETER VALUE LOW HIGH: the log says what would be allowed.
refused() {
	lw_dmesg_mark "$1=$2"
	if lw_load "$1=$2"; then
		echo "$1=$2 was accepted"
		lw_unload
		return 1
	fi
	lw_loaded && return 1
	# without bounds the kernel itself refuses: it is no number
	[ -z "$3" ] && return
	lw_dmesg_since "$1=$2" | tee "$LW_TMP/log" |
		grep -q "latwatch: $1=$2 .*range.* $3 to $4" || {
		cat "$LW_TMP/log"
		return 1
	}
}

bounds() {
	refused "$1" $(($2 - 1)) "$2" "$3" &&
	refused "$1" $(($3 + 1)) "$2" "$3" &&
	refused "$1" 4294967295 "$2" "$3" &&
	refused "$1" -1 &&
	refused "$1" many
}

# accepted PARAMETER VALUE: and it is the table's size.
accepted() {
	lw_load "$1=$2" || return
	lw_true "[l['size'] for l in j['info']['limits']
		  if l['name'] == '$1'] == [$2]" || {
		"$LATWATCH_REPORT" --json
		return 1
	}
	lw_unload
}

# More than a sixteenth of the memory is refused, with the figures.
too_much() {
	lw_dmesg_mark memory
	# 1.9 GB and more of tables for packets
	if lw_load max_skbs=1048576; then
		"$LATWATCH_REPORT" --json
		lw_unload
		return 1
	fi
	lw_loaded && return 1
	lw_dmesg_since memory | tee "$LW_TMP/log" |
		grep -q -E 'latwatch: [0-9]+ KB would be needed on [0-9]+ possible CPUs, and 1/16 of the memory is [0-9]+ KB' || {
		cat "$LW_TMP/log"
		return 1
	}
}

skip_large() {
	echo "the largest tables fit into a sixteenth of this memory"
	return "$KSFT_SKIP"
}

# As many VMs as can be told apart take what describes them, and no books for
# stages that nothing was recorded of.
many_vms() {
	lw_load max_vms=1024 || return
	lw_true 'j["info"]["memory_bytes"] < 16 << 20' || {
		lw_json 'j["info"]["memory_bytes"]'
		return 1
	}
	lw_unload
}

both_accepted() {
	accepted "$1" "$2" && accepted "$1" "$3"
}

reader() {
	while [ ! -e "$LW_TMP/enough" ]; do
		"$LATWATCH_REPORT" --json
	done > /dev/null 2>&1
}

# rmmod works or says busy; and works in the end.
while_read() {
	local pid status=0

	reader &
	pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		lw_load || break
		# somewhere in a dump, and each time somewhere else
		sleep "0.0$((RANDOM % 10))"
		lw_wait 20 lw_unload || {
			status=1
			break
		}
	done
	touch "$LW_TMP/enough"
	wait "$pid"
	return "$status"
}

lw_dmesg_mark all
lw_begin 18
lw_test "loads without KVM, and says what is missing" without_kvm
lw_test "a second one is refused, the first stays" second
lw_test "a reader that has gone does not hold it" unused
lw_test "unloads, and the family goes with it" unload
for bound in "max_vms 1 1024" "max_tasks 16 65536" "max_skbs 64 1048576" \
	     "max_taps 1 65536" "max_batches 32 65536"; do
	# shellcheck disable=SC2086
	lw_test "${bound%% *}: out of range is refused, with the range" \
		bounds $bound
done
# The upper ends of the second and third are more than a sixteenth of 2 GB.
for sizes in "max_vms 1 1024" "max_skbs 64 65536" "max_tasks 16 16384" \
	     "max_taps 1 65536" "max_batches 32 65536"; do
	# shellcheck disable=SC2086
	set -- $sizes
	lw_test "$1: $2 and $3 are accepted" both_accepted "$@"
done
lw_test "max_vms=1024 takes less than 16 MB" many_vms
if [ "$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo)" -lt $((16 << 20)) ]; then
	lw_test "a sixteenth of the memory is not exceeded" too_much
else
	lw_test "a sixteenth of the memory is not exceeded" skip_large
fi
lw_test "unloads while it is read" while_read
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
