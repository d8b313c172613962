# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# watch: has the emulator hung a nested guest?
#
# Takes guests as guest.sh starts them. Gives inside.sh a verdict that a module
# which only looks on cannot bring about: the guest itself runs, without an end,
# in its own kernel, with its interrupts off (arch/amd64.sh tells how it comes
# to that). A guest that gets no interrupt, or no processor, or that is gone, is for
# the tests to find.

# the VMM's processor time without an interrupt for its guest that makes this
# suspect, in ticks of 10 ms
WATCH_TICKS=50

# watch_look NAME: leave in injections how many interrupts it was given, and in
# ticks how long its VMM ran. Builtins only: this is beside what is measured.
watch_look() {
	local pid file stat

	read -r pid < "/run/lab/$1.pid" &&
	read -r injections < /sys/kernel/debug/kvm/"$pid"-*/irq_injections || return
	ticks=0
	for file in /proc/"$pid"/task/*/stat; do
		read -r stat < "$file" || return
		# after the name in parentheses comes field 3; 14 and 15 are
		# utime, with the guest's, and stime
		# shellcheck disable=SC2086
		set -- ${stat##*) }
		ticks=$((ticks + ${12} + ${13}))
	done
}

# watch_hung NAME: one of its vCPUs is found three times where it was, in ring
# 0, not halted, with interrupts off. Prints the registers, the evidence.
watch_hung() {
	timeout -k 1 60 python3 -I -S - "/run/lab/$1.qmp" << 'EOF'
import json, re, socket, sys, time

connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
stream = connection.makefile("rw")

def ask(command, **arguments):
    stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
    stream.flush()
    for line in stream:
        answer = json.loads(line)
        if "return" in answer:
            return answer["return"]

def spins():
    found = set()
    for cpu in ask("query-cpus-fast"):
        text = ask("human-monitor-command", **{
            "command-line": "info registers", "cpu-index": cpu["cpu-index"]})
        print(text[:text.find("FCW=")].strip())
        value = dict(re.findall(r"\b(\w+)=([0-9a-f]+)", text))
        flags = int(value.get("RFL") or value["EFL"], 16)
        if value["CPL"] == value["HLT"] == "0" and not flags & 0x200:
            found.add((cpu["cpu-index"], value.get("RSP") or value["ESP"]))
    return found

stream.readline()
ask("qmp_capabilities")
same = spins()
for _ in range(2):
    time.sleep(0.1)
    same &= spins()
sys.exit(not same)
EOF
}

# Run for as long as no guest hangs; print which one does, and its registers.
# Descriptor 5 is one that nothing is ever read from.
watch() {
	local file name injections ticks spent
	local -A seen began

	while :; do
		read -r -t 0.5 -u 5
		for file in /run/lab/guest*.pid; do
			name=${file##*/}
			name=${name%.pid}
			watch_look "$name" 2> /dev/null || continue
			if [ "${seen[$name]}" != "$injections" ]; then
				seen[$name]=$injections
				began[$name]=$ticks
			elif [ $((ticks - began[$name])) -ge $WATCH_TICKS ]; then
				spent=$((ticks - began[$name]))
				began[$name]=$ticks
				watch_hung "$name" > "/run/lab/$name.registers" 2>&1 || continue
				echo "$name ran ${spent}0 ms without an interrupt, with them off:"
				cat "/run/lab/$name.registers"
				return
			fi
		done
	done
}
