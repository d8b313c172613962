#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# readers: those that stop in the middle of a dump hold the module until they are
# gone, and nobody else up.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3

reader=

# A test that failed before it stopped its readers must not keep the module.
leave() {
	[ -z "$reader" ] || stop -KILL
}
lw_at_exit leave

# begin COUNT [PARTS]: readers, on their way to where they stop
begin() {
	leave
	mkfifo "$LW_TMP/input" || return
	python3 -I -S "$LW_DIR/readers.py" "$@" < "$LW_TMP/input" \
		> "$LW_TMP/said" &
	reader=$!
	exec 9> "$LW_TMP/input"
	rm "$LW_TMP/input"
}

# start COUNT [PARTS]: readers that have stopped
start() {
	begin "$@" && lw_wait 60 grep -q stopped "$LW_TMP/said"
}

# let them end, or have them killed
stop() {
	[ -z "$1" ] || kill "$1" "$reader"
	exec 9>&-
	wait "$reader" 2> /dev/null
	reader=
	lw_wait 20 lw_unheld
}

held_by() {
	cat /sys/module/latwatch/refcnt
	[ "$(cat /sys/module/latwatch/refcnt)" = "$1" ]
}

# rmmod says so at once, and the module stays as it was
busy() {
	timeout 60 rmmod latwatch 2> "$LW_TMP/rmmod"
	[ $? = 1 ] && cat "$LW_TMP/rmmod" && grep -q "in use" "$LW_TMP/rmmod" &&
	lw_loaded && lw_true 'len(attached()) > 10'
}

one() {
	start 1 && held_by 1 && busy && stop && lw_unload && lw_load
}

# in its middle; the reset waits for no reader, and the rest of the dump is told
# of it (netlink.c)
halfway() {
	[ -n "$LATWATCH_GUEST" ] || {
		echo "without packets a dump has one part"
		return "$KSFT_SKIP"
	}
	lw_ping 20 && lw_burst 50
	start 1 1 && held_by 1 && busy &&
	"$LATWATCH_REPORT" --reset && lw_true 'j["info"]["epoch"] == 1' &&
	stop -KILL && lw_unload && lw_load
}

many=$(lw_stress 64 1000)

# each with a full buffer; another reader gets all of it beside them
crowd() {
	ulimit -n $((many + 64))
	start "$many" && held_by "$many" && busy &&
	lw_true 'len(host["entries"]) > 10 and len(attached()) > 10' &&
	"$LATWATCH_REPORT" --reset && stop -KILL && lw_unload && lw_load
}

# they come and are killed wherever they are, while it comes and goes
killed() {
	local i

	for ((i = 0; i < $(lw_stress 3 200); i++)); do
		begin 32 || return
		sleep "0.$((RANDOM % 10))"
		stop -KILL && lw_unload && lw_load || return
	done
}

lw_dmesg_mark all
lw_begin 6
lw_test "the module loads" lw_load
lw_test "one that begins a dump and reads nothing of it" one
lw_test "one that stops halfway, and is killed" halfway
lw_test "$many at once" crowd
lw_test "killed wherever they are, before each unload" killed
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
