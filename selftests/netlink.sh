#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# netlink: loads the module, gives it something to report, runs netlink.c.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_program netlink

lw_load || exit
lw_dmesg_mark all
# values of all sizes fill histograms, and make a dump of several parts
if [ -n "$LATWATCH_GUEST" ]; then
	lw_ping 10
	for _ in 1 2 3 4 5; do
		lw_burst 50
		lw_burst 5
	done
	lw_wait_quiet
fi > /dev/null 2>&1

"$LATWATCH_PROGRAMS/netlink"
status=$?
lw_no_splat all || exit 1
# nothing of what was asked for is still held
lw_wait 10 lw_unheld || {
	echo "# the module is held by $(cat /sys/module/latwatch/refcnt)"
	exit 1
}
exit "$status"
