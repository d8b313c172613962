#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# culprits: who comes in between, for a known time and at a known stage, is the first
# culprit of that stage, with that time; no other stage grows.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3
lw_need_guest
lw_need_lab "a CPU is held for some ms"
: "${LWSPIN_KO:=$(dirname "$LATWATCH_KO")/spin/lwspin.ko}"
[ -r "$LWSPIN_KO" ] || lw_lack "no $LWSPIN_KO: run-in-lab builds it"

spin=/sys/module/lwspin/parameters
ns=20000000

begin() {
	lw_load && insmod "$LWSPIN_KO" ns=$ns && lw_at_exit "rmmod lwspin" && lw_ping 5
}

struck() {
	[ "$(cat $spin/armed)" = 0 ] && [ "$(cat $spin/spent)" != 0 ]
}

# strike WHAT AT COMM: once, while a few pings are on their way
strike() {
	"$LATWATCH_REPORT" --reset && lw_ping 5 || return
	# the kernel would take a newline for a part of it
	printf %s "$1" > $spin/what && printf %s "$2" > $spin/at &&
	printf %s "$3" > $spin/comm || return
	echo 1 > $spin/armed
	lw_ping 5 || return
	lw_wait 10 struck || return
	lw_wait_quiet
	lw_shot json
}

# It is worth to be seen where it passes, too.
strike_test() {
	lw_test "$1" "${@:2}"
	lw_diag "$(grep -A 1 ' own ' "$LW_TMP/.said" | head -n 2)"
}

# From 7.0 on ksoftirqd can be preempted in a softirq on RT, and is, after a slice.
softirq_holds() {
	! lw_rt || [ "$(uname -r | cut -d . -f 1)" -lt 7 ] || {
		echo "ksoftirqd shares the CPU on this kernel"
		return "$KSFT_SKIP"
	}
}

softirq_named() {
	softirq_holds || return
	named "$@"
}

# named WHAT AT COMM NAME STAGE [WITHIN...]
#
# A wake may be one for something else than a packet: then it is done again.
named() {
	local try

	for try in 1 2 3; do
		strike "$1" "$2" "$3" || return
		python3 "$LW_DIR/culprits.py" "$LW_TMP/json" rx "$5" "$1" "$4" \
			"$(cat $spin/spent)" "${@:6}" && return
		echo "strike $try was elsewhere"
	done
	"$LATWATCH_REPORT" worst 1
	return 1
}

# Without PREEMPT_RT the kernel's own work is preempted where it likes.
preempted() {
	lw_rt || {
		echo "only on PREEMPT_RT"
		return "$KSFT_SKIP"
	}
	named "$@"
}

# It is what a user reads, too.
told() {
	"$LATWATCH_REPORT" worst 1 > "$LW_TMP/worst" &&
	"$LATWATCH_REPORT" why > "$LW_TMP/why" || return
	cat "$LW_TMP/worst"
	[ -z "$TRUTH_OUT" ] || cp "$LW_TMP/worst" "$LW_TMP/why" "$LW_TMP/json" "$TRUTH_OUT"
	grep -q 'lwspin' "$LW_TMP/worst" && grep -q 'not explained' "$LW_TMP/why"
}

# Off, nothing is noted any more; on again, it is.
switched() {
	"$LATWATCH_REPORT" --set culprits=off && strike "hard irq" wake vhost || return
	lw_true 'not any("unknown_ns" in w for p in [j["host"]] + j["vms"]
			 for w in p["watermarks"])' "$LW_TMP/json" || return
	"$LATWATCH_REPORT" --set culprits=on && named "hard irq" wake vhost lwspin \
		"backend wake" "tap dwell"
}

lw_begin 10
lw_test "both modules load" begin
strike_test "a hard irq while the backend waits" \
	named "hard irq" wake vhost lwspin "backend wake" "tap dwell"
lw_test "the report tells it" told
strike_test "a thread that has the CPU while the backend waits" \
	named thread wake vhost lwspin "backend wake" "tap dwell"
strike_test "a hard irq while the backend serves" \
	named "hard irq" take vhost lwspin "backend service"
strike_test "a thread that preempts the backend" \
	preempted thread take vhost lwspin "backend service"
# On RT it is left to ksoftirqd, which is woken when the vCPU waits for the CPU.
if lw_rt; then
	during="vCPU wake"
else
	during="backend service"
fi
strike_test "a softirq while the $during lasts" \
	softirq_named softirq take vhost - "$during"
strike_test "a hard irq while the vCPU waits" \
	named "hard irq" wake "CPU 0/KVM" lwspin "vCPU wake"
strike_test "a hard irq in the poll" \
	named "hard irq" poll any lwspin napi
lw_test "switched off and on" switched
lw_end
