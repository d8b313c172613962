#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2329
#
# table_row: one row of the table, on the host that is measured: in a machine of
# the lab, or on hardware. "table" calls it.
#
# Takes what is sent, where the streams of load go, how many packets, and the
# conditions. Leaves in $LAB_OUT for each
#	CONDITION.json	the report
#	CONDITION.sent	what the sender says of it
#	CONDITION.did	what was done to steer the load away

dir=$(dirname "$(readlink -f "$0")")
[ -z "$LAB_KERNEL" ] ||
	: "${LATWATCH_KO:=$dir/../build/$LAB_KERNEL/latwatch.ko}"
. "$dir/lib.sh"
. "$dir/steer.sh"

: "${LATWATCH_NIC:=${LAB_FUNCTIONS:+eth1}}"
: "${LATWATCH_HOST:=${LAB_FUNCTIONS:+10.9.0.1}}"
# between two packets, in seconds; between two of a stream, in microseconds
: "${LATWATCH_INTERVAL:=0.005}"
: "${LATWATCH_GAP_US:=1000}"
STREAMS=3
WARM_UP=20

traffic=$1
streams=$2
count=$3
shift 3

# echo_there_and_back COUNT PORT: datagrams, each after the answer to the last. The
# script goes by stdin: the sender may be behind ssh.
echo_there_and_back() {
	lw_sender bash -s -- "$1" "$LATWATCH_HOST" "$2" "$LATWATCH_INTERVAL" << 'EOF'
exec 3<> "/dev/udp/$2/$3" || exit
lost=0
for ((i = 0; i < $1; i++)); do
	echo . >&3
	read -r -N 1 -t 5 -u 3 || lost=$((lost + 1))
	# a sleep, without another process
	read -r -N 1 -t "$4" -u 3
done
echo "$1 datagrams transmitted, $((i - lost)) received"
EOF
}

# Guests are pinged at the same time.
ping_guests() {
	local guest pids=() pid status=0

	for guest in $LATWATCH_GUEST; do
		lw_sender ping -q -c "$1" -i "$LATWATCH_INTERVAL" -W 5 "$guest" |
			grep transmitted &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || status=1
	done
	return "$status"
}

send() {
	case $traffic in
	ping)	ping_guests "$1" ;;
	echo:*)	echo_there_and_back "$1" "${traffic#echo:}" ;;
	*)	echo "table_row: cannot send '$traffic'"; return 1 ;;
	esac
}

# -- The load: three streams from the sender, each a process to be ended; where it
# is out of reach, behind ssh, it ends by itself

load_seconds() {
	awk -v count="$count" -v interval="$LATWATCH_INTERVAL" \
		'BEGIN { printf "%d", 60 + 5 * count * interval }'
}

load_target() {
	case $streams in
	host:*)		echo "$LATWATCH_HOST" ;;
	guest:*)	echo "${LATWATCH_GUEST%% *}" ;;
	esac
}

LOAD=()
load_up() {
	local i

	for ((i = 0; i < STREAMS; i++)); do
		if [ -n "$LATWATCH_LOAD" ]; then
			setsid bash -c "$LATWATCH_LOAD" > /dev/null 2>&1 &
		else
			# shellcheck disable=SC2086
			setsid $LATWATCH_SENDER timeout --foreground \
				"$(load_seconds)" \
				mausezahn "$LATWATCH_SENDER_DEV" \
				-q -c 0 -d "$LATWATCH_GAP_US" -p 1400 \
				-B "$(load_target)" \
				-t udp "sp=$((4000 + i)),dp=${streams#*:}" \
				> /dev/null 2>&1 &
		fi
		LOAD+=($!)
	done
	sleep 0.2
	load_runs
}

load_runs() {
	local pid

	for pid in "${LOAD[@]}"; do
		kill -0 "$pid" 2> /dev/null || {
			echo "table_row: a stream of load has ended"
			return 1
		}
	done
}

load_down() {
	local pid

	for pid in "${LOAD[@]}"; do
		kill -- "-$pid" 2> /dev/null
		wait "$pid" 2> /dev/null
	done
	LOAD=()
}

# -- A condition

measure() {
	local condition=$1 file=$LAB_OUT/$1 status

	case $condition in
	steered)	steer_up > "$file.did" || { cat "$file.did"; return 1; } ;;
	*)		steer_down ;;
	esac
	[ "$condition" = idle ] || load_up || return
	[ "$condition" != steered ] || steer_streams >> "$file.did"
	send "$WARM_UP" > /dev/null &&
	"$LATWATCH_REPORT" --reset > /dev/null &&
	send "$count" > "$file.sent"
	status=$?
	[ "$condition" = idle ] || load_runs || status=1
	load_down
	cat "$file.sent"
	[ "$status" = 0 ] || return
	"$LATWATCH_REPORT" --json > "$file.new" && mv "$file.new" "$file.json"
}

if [ -n "$LAB_FUNCTIONS" ]; then
	for number in 2 3 4; do
		[ ! -e "/run/lab/guest$number.pid" ] ||
			LATWATCH_GUEST+=" $(lab_guest_ip "guest$number")"
	done
	# macvtaps leave the NIC to this host, which has no address there
	[ "$LAB_TOPOLOGY" != macvtap ] ||
		ip address add "$LATWATCH_HOST/24" dev "$LATWATCH_NIC"
fi
lw_loaded || {
	lw_need_module
	# shellcheck disable=SC2119
	lw_load || exit
}
lw_need_report
lw_at_exit steer_down
lw_at_exit load_down
status=0
for condition; do
	echo "table_row: $condition"
	measure "$condition" || {
		echo "table_row: $condition could not be measured"
		status=1
	}
done
exit "$status"
