# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# path: what the tests of single ways of the data share. Sourced after lib.sh.
#
# shellcheck disable=SC2034

# path_of GUEST EXPRESSION COMMAND...: the books of what COMMAND sends, and of
# nothing else, close; the longest ways add up; what is the worst of a stage is between
# its marks; and EXPRESSION (see lw_json) is true of the report, with the VM of GUEST, or
# none for "-".
path_of() {
	local guest=$1 expression=$2 status
	shift 2

	export LW_VMM=0
	[ "$guest" = - ] || LW_VMM=$(lab_guest_pid "$guest") || return
	"$LATWATCH_REPORT" --reset && "$@" && lw_closed || return
	lw_true "adds_up() and bounded() and bool($expression)" "$LW_TMP/json"
	status=$?
	[ $status = 0 ] || "$LATWATCH_REPORT"
	return $status
}

# path_traffic GUEST: there and back, there, and back; asked for by a broadcast.
path_traffic() {
	local address

	address=$(lab_guest_ip "$1")
	ip -n host2 neighbour flush dev eth2
	lab_ping 5 "$address" 0.05 &&
	lab_burst 20 "$address" &&
	lab_burst_back 10 "$address"
}

# A frame on its way into a guest through a tap, by stages, and its way back.
if lw_rt; then
	PATH_IRQ='"hard irq", "irq thread wake", "irq thread"'
else
	PATH_IRQ='"hard irq"'
fi
PATH_SIGNAL='"backend service", "signal", "vCPU wake", "entry"'
PATH_IN="shows('rx', $PATH_IRQ, 'softirq wait', 'napi', 'tap dwell',
	       'backend wake', $PATH_SIGNAL, 'end to end')"
PATH_OUT="shows('tx', 'guest exit', 'backend wake', 'backend service',
		'stack', 'end to end', 'driver', 'completion')"
# at least what path_traffic sends, and nothing is lost of it
PATH_COUNTS="whole() and line('from a NIC\'s interrupt') +
	line('from a NIC\'s poll without interrupt') >= 25 and
	line('from a VM to a NIC') >= 15"
