#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kvm: KVM's modules come and go beneath latwatch.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3 modprobe

case $(modinfo -n kvm 2> /dev/null) in
*/*)	;;
'')	lw_skip_all "this kernel has no KVM" ;;
*)	lw_skip_all "KVM is built into this kernel" ;;
esac
case $(grep -m 1 -o -w -E 'svm|vmx' /proc/cpuinfo) in
svm)	vendor=kvm_amd ;;
vmx)	vendor=kvm_intel ;;
*)	lw_skip_all "this processor has no virtualisation" ;;
esac
[ -d "/sys/module/$vendor" ] && was_loaded=y
kvm_remove() {
	[ ! -d /sys/module/kvm ] || modprobe -r "$vendor" kvm
}
kvm_remove 2> /dev/null || lw_lack "KVM is in use"
[ -n "$was_loaded" ] && lw_at_exit "modprobe $vendor"

expected='["kvm_apic_accept_irq", "kvm_apicv_accept_irq", "kvm_entry", "kvm_exit", "kvm_inj_virq"]'

attached() {
	lw_json 'json.dumps(sorted(attached("kvm_")))' | tee "$LW_TMP/attached"
	[ "$(cat "$LW_TMP/attached")" = "${1:-$expected}" ]
}

none() {
	attached "[]"
}

# what a stage needs is missing: it is blind, no tracepoint of the kernel is
comes() {
	modprobe "$vendor" && attached
}

goes() {
	kvm_remove && none
}

again() {
	for _ in 1 2 3 4 5; do
		comes && goes || return
	done
}

# it does not hold KVM, nor does KVM hold it
either_first() {
	comes && lw_unload && lw_load && attached && lw_unload &&
	kvm_remove && lw_load && none
}

# prototypes WORD OF_KVM_EXIT: what the report says of the arguments of KVM's
prototypes() {
	lw_json 'json.dumps(sorted((t["name"], t.get("prototype"))
		 for t in j["info"]["tracepoints"] if t["name"].startswith("kvm_")))' |
		tee "$LW_TMP/prototypes"
	[ "$(cat "$LW_TMP/prototypes")" = "$(python3 -c '
import json, sys
print(json.dumps([[n, sys.argv[3] if n == "kvm_exit" else sys.argv[2]]
		  for n in json.loads(sys.argv[1])]))' "$expected" "$1" "$2")" ]
}

has_types() {
	[ -e /sys/kernel/btf/kvm ] || {
		echo "this kernel shows no type information of KVM"
		return "$KSFT_SKIP"
	}
}

fit() {
	lw_unload && modprobe "$vendor" && has_types || return
	lw_load && prototypes fits fits && kvm_remove && comes && prototypes fits fits
}

# shown FOLDER: for as long as latwatch is loaded with it, FOLDER has the types
shown() {
	lw_unload && mount --bind "$1" /sys/kernel/btf || return
	lw_load
	umount /sys/kernel/btf
	lw_loaded
}

# The kernel's own, with one argument made another: what reads it stays away.
changed() {
	lw_in_lab || return
	modprobe "$vendor" && has_types || return
	rm -rf "$LW_TMP/btf"
	mkdir "$LW_TMP/btf" &&
	cp /sys/kernel/btf/vmlinux "$LW_TMP/btf" &&
	python3 "$(dirname "$0")/prototype.py" kvm_exit /sys/kernel/btf/{vmlinux,kvm} \
		> "$LW_TMP/btf/kvm" &&
	shown "$LW_TMP/btf" && prototypes fits changed &&
	attached "${expected/\"kvm_exit\", /}" &&
	"$LATWATCH_REPORT" | tee "$LW_TMP/page" |
		grep "^changed kvm_exit, which this kernel calls with other arguments: "
}

unchecked() {
	lw_in_lab || return
	modprobe "$vendor" || return
	rm -rf "$LW_TMP/btf"
	mkdir "$LW_TMP/btf" && shown "$LW_TMP/btf" &&
	prototypes unchecked unchecked && attached &&
	"$LATWATCH_REPORT" | grep "^note .*type information: kvm_entry, " || return
	lw_unload && lw_load && kvm_remove && none
}

always_come_and_go() {
	while [ ! -e "$LW_TMP/enough" ]; do
		modprobe "$vendor" && kvm_remove || echo "KVM: status $?"
	done > "$LW_TMP/kvm" 2>&1
}

# It comes and goes while they do, each at its own pace: somewhere in between
# both look for each other.
in_between() {
	local pid i

	lw_unload || return
	always_come_and_go &
	pid=$!
	for ((i = 0; i < $(lw_stress 10 500); i++)); do
		lw_load || break
		sleep "0.0$((RANDOM % 10))"
		lw_unload || break
		sleep "0.0$((RANDOM % 10))"
	done
	touch "$LW_TMP/enough"
	wait "$pid"
	cat "$LW_TMP/kvm"
	[ ! -s "$LW_TMP/kvm" ] && [ "$i" = "$(lw_stress 10 500)" ] &&
	lw_load && none && comes && goes
}

lw_dmesg_mark all
lw_begin 11
lw_test "the module loads" lw_load
lw_test "nothing of KVM is attached without it" none
lw_test "KVM comes: all of it is attached" comes
lw_test "KVM goes: none of it is" goes
lw_test "five times" again
lw_test "either can go first" either_first
lw_test "what KVM passes is what is read" fit
lw_test "what passes something else is not attached" changed
lw_test "what cannot be compared says so" unchecked
lw_test "both come and go at the same time" in_between
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
