#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# signal: what sets the mark of a guest's interrupt: KVM's event; where it has none
# a kprobe; and without kprobes what a backend is seen to do. And an interrupt that
# the VMM itself makes, of a signal that it was given.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"
# shellcheck source=path.sh
. "$(dirname "$0")/path.sh"

lw_need_module
lw_need_report
lw_need_lab "signal"
lw_need_tools python3
lw_need_guest

# source_is WITH WITHOUT: by whether KVM has the event. The page says only what is
# inferred.
source_is() {
	local source

	source=$(lw_json "'$1' if exists('kvm_apic_accept_irq') else '$2'")
	lw_json 'j["info"]["signal_source"]' | tee "$LW_TMP/source"
	[ "$(< "$LW_TMP/source")" = "$source" ] || return
	"$LATWATCH_REPORT" | head -n 1 | tee "$LW_TMP/head"
	[ "$(grep -c "signals inferred" "$LW_TMP/head")" = \
	  "$(grep -c inferred <<< "$source")" ]
}

load_with() {
	! lw_loaded || lw_unload || return
	lw_load "kprobes=$1" &&
	lw_true "any(t['attached'] for t in j['info']['tracepoints']
		     if t['kind'] == 'kprobe') == bool($1)"
}

is_signalled="$PATH_OUT and $PATH_COUNTS and
	shows('rx', $PATH_IRQ, 'softirq wait', 'napi', 'stack', 'tap dwell',
	      'backend wake', 'backend service', 'vCPU wake', 'entry', 'end to end') and
	not any(line('signals through the VMM', v['ledger'])
		for v in vms() if v['pid'] == vmm)"
is_measured="shows('rx', 'signal')"
# the figure is absent, and not 0
is_inferred="(exists('kvm_apic_accept_irq') or
	not stage('signal') or stage('signal')['count'] is None)"

# Without MSI-X interrupts are levels. On the emulator 7.3 brings up no guest with
# these, with this module or without.
has_levels() {
	[ "$(uname -r | cut -d . -f 1)" -lt 7 ] && return
	echo "no guest comes up without MSI-X on this kernel, emulated"
	return "$KSFT_SKIP"
}

# Without MSI-X there is no irqfd. Who signals is the VMM, but the signal is the
# backend's: nothing else in it is different. A VMM that is awake is not seen to be
# asked, and that is no poll of the guest's.
relayed() {
	has_levels || return
	path_of guest2 "$PATH_OUT and
		line('signals through the VMM') > 0 and
		line('entry after a wake') + line('entry of a vCPU that was awake') +
			line('rode on a pending signal') >= 15 and
		(not exists('kvm_apic_accept_irq') or
			line('polled by the guest') == 0) and
		shows('rx', 'backend service', 'vCPU wake', 'entry', 'end to end')" \
		path_traffic guest2
}

another() {
	has_levels || return
	lab_guest_start --args "-global virtio-net-pci.vectors=0" guest2 &&
	lab_guest_wait guest2
}

lw_dmesg_mark all
lw_begin 10
lw_test "the module loads without kprobes" load_with 0
lw_test "it says what sets the mark" source_is tracepoint inferred
lw_test "a guest's packets, there and back" \
	path_of guest1 "$is_signalled and $is_inferred" path_traffic guest1
lw_test "a guest without MSI-X comes up" another
lw_test "signals through its VMM" relayed
lw_test "the module loads with kprobes" load_with 1
lw_test "it says what sets the mark now" source_is tracepoint kprobe
lw_test "a guest's packets, there and back, and the signal is measured" \
	path_of guest1 "$is_signalled and $is_measured" path_traffic guest1
lw_test "signals through the VMM of the other" relayed
! has_levels > /dev/null || lab_guest_kill guest2
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
