#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bounds: what a poll finds without an interrupt of its own is not younger than it can
# be, and is counted by what is known of it.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_lab "bounds"
lw_need_guest
lw_need_tools python3 chrt

nic=/sys/class/net/eth1
went_on="from a NIC's poll that went on after an interrupt"
turned="from a NIC's poll that went on for a turn of its ring"
emptied="from a NIC's poll after one that left its ring empty"

# burst COUNT: from a sender that outranks the NIC's thread
burst() {
	"$LATWATCH_REPORT" --reset > /dev/null
	lab_host2 chrt -f 60 mausezahn "$LATWATCH_SENDER_DEV" -q -c "$1" -d 0 \
		-B "$LATWATCH_GUEST" -t udp "sp=4000,dp=9" -p 18 > /dev/null
	# a NIC whose ring is full drops the rest of a flood
	lw_wait 10 lw_quiet
}

# books LINE: none begins with the poll alone, and some are of this line; of the bounds
# those that a backend took waited before the poll
books() {
	"$LATWATCH_REPORT"
	lw_true "line(\"from a NIC's poll without interrupt\") == 0 and
		line(\"$1\") > 0 and
		0 < stage('before poll')['count'] <=
		line(\"$went_on\") + line(\"$turned\") and
		vms()[0]['ledger']['paths']['rx']['unaccounted'] == 0 and
		balanced(host) and adds_up()"
}

beyond_the_budget() {
	burst 200 && books "$went_on"
}

# many turns of the ring
flood() {
	burst 6000 && books "$turned"
}

threaded() {
	lw_keep "$nic/threaded" && echo 1 > "$nic/threaded" &&
	lw_ping 3 && burst 200 && books "$went_on" && echo 0 > "$nic/threaded"
}

timed() {
	lw_keep "$nic/gro_flush_timeout" "$nic/napi_defer_hard_irqs" &&
	echo 2000000 > "$nic/gro_flush_timeout" &&
	echo 100 > "$nic/napi_defer_hard_irqs" &&
	lw_ping 3 && "$LATWATCH_REPORT" --reset > /dev/null &&
	lw_ping 10 &&
	lw_true "line(\"$emptied\") > 0 and line(\"from a NIC's poll by a timer\") == 0
		and balanced(host) and adds_up()" &&
	echo 0 > "$nic/napi_defer_hard_irqs" && echo 0 > "$nic/gro_flush_timeout"
}

lw_begin 4
lw_load || exit
lw_ping 3 > /dev/null
lw_test "a burst beyond the budget begins with its interrupt" beyond_the_budget
lw_test "a flood for several turns of the ring" flood
lw_test "a NAPI thread that goes on" threaded
lw_test "polls by a timer begin when the ring was empty" timed
lw_unload
lw_end
