#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# requests: the family under a fuzzer, requests.c, which packets do not wait for.
#
#	REQUESTS	how many (5,000, under KCSAN 500; LATWATCH_STRESS=full: a million)
#	REQUESTS_SEED	of the fuzzer (the time); printed in the result

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_program requests

lw_load || exit
lw_dmesg_mark all
if [ -n "$LATWATCH_GUEST" ]; then
	lw_ping 10
	lw_burst 50
	lw_traffic_start
fi > /dev/null 2>&1

# KCSAN looks at each access of a dump
few=5000
[[ $(uname -r) != *-kcsan ]] || few=500
# shellcheck disable=SC2086
"$LATWATCH_PROGRAMS/requests" "${REQUESTS:-$(lw_stress $few 1000000)}" $REQUESTS_SEED
status=$?
lw_traffic_stop
lw_no_splat all || exit 1
lw_wait 10 lw_unheld || {
	echo "# the module is held by $(cat /sys/module/latwatch/refcnt)"
	exit 1
}
exit "$status"
