# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# steer: keep load away from what is measured, with what this host has.
#
# Takes the NIC ($LATWATCH_NIC), the guests' VMMs, the streams and what is sent,
# and two CPUs: the first for the load, the last for what is measured. Gives
# functions to table_row.sh; what was done is printed, one line each, and undone
# in the end.

# shellcheck disable=SC2154	# streams and traffic are table_row's

STEER_UNDO=()

steer_undo_later() {
	STEER_UNDO=("$*" "${STEER_UNDO[@]}")
}

# steer_write WORDS FILE: and what was there comes back.
steer_write() {
	local before

	before=$(< "$2") && echo "$1" > "$2" 2> /dev/null || return
	steer_undo_later "echo $(printf %q "$before") > $(printf %q "$2")"
}

# A queue of its own for the streams, the last, if the NIC sorts what it receives.
# Leaves its number in steer_queue.
steer_filter() {
	local queues said

	steer_queue=''
	queues=$(ethtool -l "$LATWATCH_NIC" 2> /dev/null |
		awk '/^Current/ { now = 1 } now && /^(RX|Combined):/ && $2 + 0 > n + 0 { n = $2 + 0 }
		     END { print n + 0 }')
	[ "$queues" -gt 1 ] || {
		echo "no receive filter: $LATWATCH_NIC has one queue"
		return 1
	}
	said=$(ethtool -N "$LATWATCH_NIC" flow-type udp4 \
		dst-port "${streams#*:}" action $((queues - 1)) 2>&1) || {
		echo "no receive filter: $said"
		return 1
	}
	steer_undo_later "ethtool -N $LATWATCH_NIC delete ${said##* }"
	steer_queue=$((queues - 1))
	echo "receive filter: streams to queue $steer_queue of $queues"
}

# steer_irqs WHOSE CPU OTHER FOLDER...: to CPU; with a filter only that of the
# streams' queue, whose name ends in the queue's number, and all others to OTHER.
steer_irqs() {
	local whose=$1 to=$2 other=$3 folder file cpu name moved=''
	shift 3

	for folder; do
		for file in "$folder"/*; do
			file=/proc/irq/${file##*/}
			[ -e "$file/smp_affinity_list" ] || continue
			cpu=$to
			name=$(cd "$file" && echo */)
			[[ -z $steer_queue || $name = *[-.]$steer_queue/* ]] ||
				cpu=$other
			steer_write "$cpu" "$file/smp_affinity_list" &&
				moved+=", ${file##*/} on CPU $cpu"
		done
	done
	[ -z "$moved" ] || echo "irqs of $whose: ${moved#, }"
}

# steer_tasks CPU WHAT TASK...
steer_tasks() {
	local cpu=$1 what=$2 task before moved=0
	shift 2

	for task; do
		before=$(taskset -p -c "$task" 2> /dev/null) || continue
		taskset -p -c "$cpu" "$task" > /dev/null 2>&1 || continue
		steer_undo_later "taskset -p -c ${before##* } $task"
		moved=$((moved + 1))
	done
	[ "$moved" = 0 ] || echo "$moved $what on CPU $cpu"
}

# All threads of a VMM: its vCPUs, its own, and from 6.4 on its vhost workers.
# Until then these are kernel threads, named after it.
steer_guests() {
	local pid tasks=() worker

	for pid in $("$LATWATCH_REPORT" --json | python3 -I -S -c '
import json, sys
print(*[v["pid"] for v in json.load(sys.stdin)["vms"]
        if not v["gone"] and v["vcpus"] != 0])'); do
		for worker in "/proc/$pid/task/"*; do
			tasks+=("${worker##*/}")
		done
		for worker in $(pgrep -x "vhost-$pid"); do
			tasks+=("$worker")
		done
	done
	steer_tasks "$1" "threads of VMMs and vhost" "${tasks[@]}"
}

steer_up() {
	local last load readers

	command -v pgrep > /dev/null || {
		echo "nothing to steer with: pgrep is missing"
		return 1
	}
	last=$(($(nproc) - 1))
	[ "$last" -gt 0 ] || {
		echo "nothing to steer with: this machine has one CPU"
		return 1
	}
	steer_filter
	# a virtio device has its interrupts one level up
	steer_irqs "$LATWATCH_NIC" 0 "$last" \
		"/sys/class/net/$LATWATCH_NIC/device/"{,../}msi_irqs
	steer_irqs "devices passed through" "$last" "$last" \
		/sys/bus/pci/drivers/vfio-pci/*/msi_irqs
	mapfile -t load <<< "$(pgrep "^napi/$LATWATCH_NIC-")"
	steer_tasks 0 "NAPI threads" "${load[@]}"
	mapfile -t readers <<< "$(pgrep -x "udp-peer|netserver|iperf3")"
	case $traffic,$streams in
	echo:*)		steer_tasks "$last" "readers" "${readers[@]}" ;;
	*,host:*)	steer_tasks 0 "readers of streams" "${readers[@]}" ;;
	esac
	steer_guests "$last"
}

# Where the sender is on this host too, as in the lab.
steer_streams() {
	local senders

	mapfile -t senders <<< "$(pgrep -x mausezahn)"
	steer_tasks 0 "senders of streams" "${senders[@]}"
}

steer_down() {
	local command

	for command in "${STEER_UNDO[@]}"; do
		eval "$command" > /dev/null 2>&1
	done
	STEER_UNDO=()
}
