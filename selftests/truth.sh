#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# truth: what latwatch says of a run is what ftrace saw of it.
#
# The trace is taken in an ftrace instance of its own and read by truth.py.
# TRUTH_OUT=DIR keeps the trace and the report there.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3
lw_need_guest

tracefs=/sys/kernel/tracing
[ -d $tracefs/instances ] || lw_lack "tracefs is not mounted on $tracefs"
trace=$tracefs/instances/latwatch-truth
out=${TRUTH_OUT:-$LW_TMP}

# The marks, and what is needed to tell them apart: on RT a waiter for a
# sleeping lock is woken too, and a hard irq between the two probes of one
# event makes their times differ by its length.
events="irq:irq_handler_entry irq:irq_handler_exit irq:softirq_raise
	irq:softirq_entry irq:softirq_exit sched:sched_waking sched:sched_switch
	net:netif_receive_skb net:net_dev_queue net:net_dev_start_xmit
	net:net_dev_xmit napi:napi_poll skb:consume_skb skb:kfree_skb kvm:kvm_entry
	lock:contention_begin lock:contention_end"
# What may lie between the two that see an event, in ns: on a kernel that watches
# itself what it does of that. KCSAN stops whom it watches, for 80 us in a task, and
# several times in a probe: of a trace there it is the counts that say something.
slack=()
[ ! -e /proc/lockdep ] || slack=(--slack 5000)
[ ! -e /sys/kernel/debug/kcsan ] || slack=(--slack 1000000)

# Those of an architecture. Where KVM has no event for a signal, a kprobe of
# ftrace's own is one: then a trap lies between the two.
some_events="kvm:kvm_inj_virq kvm:kvm_apic_accept_irq kvm:kvm_apicv_accept_irq
	irq_vectors"
signal_function=kvm_arch_set_irq_inatomic

trace_begin() {
	local event

	mkdir "$trace" || return
	echo 0 > "$trace/tracing_on"
	echo mono > "$trace/trace_clock" || return
	echo "${TRUTH_BUFFER_KB:-24000}" > "$trace/buffer_size_kb" || return
	for event in $some_events; do
		[ ! -d "$tracefs/events/${event/://}" ] || events+=" $event"
	done
	if [ ! -d $tracefs/events/kvm/kvm_apic_accept_irq ]; then
		echo "p:lw_signal $signal_function" >> $tracefs/kprobe_events || return
		lw_at_exit "echo -:lw_signal >> $tracefs/kprobe_events"
		events+=" kprobes:lw_signal"
		slack=(--slack 3000)
	fi
	# before the kprobe goes
	lw_at_exit "echo 0 > $trace/tracing_on; rmdir $trace"
	for event in $events; do
		echo "$event" >> "$trace/set_event" || return
	done
	echo 1 > "$trace/tracing_on"
}

trace_end() {
	echo 0 > "$trace/tracing_on"
	cat "$trace"/per_cpu/cpu*/stats > "$out/stats"
	cat "$trace/trace" > "$out/trace"
	# the same events once more, for their times in nanoseconds
	echo 1 > "$trace/options/raw"
	cat "$trace/trace" > "$out/raw"
}

# Until nothing has moved between two readings of each figure, and so not at the
# stamp between them: a late ARP is enough.
read_report() {
	local try

	for try in 1 2 3 4 5 6 7 8; do
		lw_wait_quiet || return
		"$LATWATCH_REPORT" --json > "$out/report" || return
		echo "latwatch read" > "$trace/trace_marker"
		"$LATWATCH_REPORT" --json > "$out/again" || return
		! same_figures "$out/report" "$out/again" || return 0
		echo "reading $try was not quiet"
	done
	return 1
}

same_figures() {
	python3 - "$@" << 'EOF'
import json, sys
first, other = (json.load(open(name)) for name in sys.argv[1:])
sys.exit(any(first[part] != other[part] for part in ("host", "vms")))
EOF
}

# From the network, from this host, and answers to what the guest sends.
traffic() {
	lw_ping 20 || return
	lw_burst 50
	for _ in 1 2 3 4 5; do
		lw_burst 5
	done
	ping -q -c 5 -i 0.05 "$LATWATCH_GUEST" || return
	if [ -n "$LAB_FUNCTIONS" ]; then
		lab_burst_back 30 "$LATWATCH_GUEST"
		# both directions at once
		lab_burst_back 30 "$LATWATCH_GUEST"
		lw_burst 30
		# more than the tap's ring holds
		lw_tap_ring 4 lw_burst 60
	fi
	lw_ping 5
}

# The module knows who is who from the traffic before the reset, and so does
# the trace.
record() {
	trace_begin || return
	lw_ping 5 || return
	lw_burst 5
	lw_wait_quiet || return
	# a new worst flight is looked at for longer than the slack, between latwatch's
	# stamp and the trace's
	"$LATWATCH_REPORT" --set "culprits=${TRUTH_CULPRITS:-off}" || return
	"$LATWATCH_REPORT" --reset || return
	traffic || return
	read_report || return
	trace_end
}

compare() {
	local options=("${slack[@]}")

	# an emulator with one thread
	case $LAB_MODE in
	icount | rr)	options+=(--turns) ;;
	esac
	# from 7.0 on RT runs the probes of tracepoints preemptibly; latwatch's was there
	# before the trace's
	! lw_rt || [ "$(uname -r | cut -d . -f 1)" -lt 7 ] || options+=(--preemptible)
	[ -z "$TRUTH_SLACK" ] || options+=(--slack "$TRUTH_SLACK")
	python3 "$LW_DIR/truth.py" --raw "$out/raw" --stats "$out/stats" \
		--tap "$LATWATCH_TAP" "${options[@]}" "$out/trace" "$out/report"
}

enough() {
	lw_true 'total(host, "opened") > 80 and total(host, "delivered") > 20' \
		"$out/report"
}

thread_stages() {
	if lw_rt; then
		lw_true 'stage("irq thread wake")["count"] > 0' "$out/report"
	else
		lw_true 'not any(stage(n) and stage(n)["count"] for n in
				("irq thread wake", "irq thread"))' "$out/report"
	fi
}

lw_begin 6
lw_test "the reports of truth.py can be trusted" \
	python3 "$LW_DIR/truth_test.py"
lw_test "the module loads" lw_load
lw_test "traffic is traced and reported" record
lw_test "it was enough of it" enough
lw_test "stages of irq threads are there on PREEMPT_RT alone" thread_stages
lw_test "report and trace agree" compare
lw_diag "$(tail -n 40 "$LW_TMP/.said")"
lw_end
