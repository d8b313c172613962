# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# lib: what the tests share. Sourced first by each of them.
#
# From the environment, each with a default that fits this tree and the lab:
#
#	LATWATCH_KO		the module
#	LATWATCH_REPORT		the reporter
#	LATWATCH_PROGRAMS	folder with the tests' own programs
#	LATWATCH_GUEST		address of a KVM guest that answers pings
#	LATWATCH_TAP		its tap
#	LATWATCH_SENDER		command that runs its arguments on the host that
#				sends to the guest; without one, this host sends
#	LATWATCH_SENDER_DEV	the NIC there
#	LATWATCH_STRESS		"full": those that repeat something repeat it often
#
# A test prints KTAP and exits with 0, 1, or 4 if it could not be run at all.

LW_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LW_NAME=$(basename "$0" .sh)
LW_FAILED=0
LW_COUNT=0
LW_TMP=$(mktemp -d)
KSFT_SKIP=4

: "${LATWATCH_KO:=$LW_DIR/../latwatch.ko}"
: "${LATWATCH_REPORT:=$LW_DIR/../userspace/build/latwatch-report}"
: "${LATWATCH_PROGRAMS:=$LW_DIR}"
[ -x "$LATWATCH_REPORT" ] || LATWATCH_REPORT=$(command -v latwatch-report)

if [ -n "$LAB_FUNCTIONS" ]; then
	# shellcheck source=/dev/null
	. "$LAB_FUNCTIONS"
	: "${LATWATCH_GUEST:=10.9.0.9}"
	: "${LATWATCH_TAP:=tap1}"
	: "${LATWATCH_SENDER:=ip netns exec host2}"
	: "${LATWATCH_SENDER_DEV:=eth2}"
fi

# What a test must do at its end, last first: lw_at_exit COMMAND
LW_AT_EXIT=()
lw_at_exit() {
	LW_AT_EXIT=("$*" "${LW_AT_EXIT[@]}")
}

lw_cleanup() {
	local c

	for c in "${LW_AT_EXIT[@]}"; do
		eval "$c" > /dev/null 2>&1
	done
	rm -rf "$LW_TMP"
}
trap lw_cleanup EXIT

# -- KTAP

lw_diag() {
	local line

	while IFS= read -r line; do
		echo "# $line"
	done <<< "$*"
}

lw_skip_all() {
	echo "TAP version 13"
	echo "1..0 # SKIP $*"
	exit "$KSFT_SKIP"
}

# What is needed is not there. Not so in the lab, which has all of it: a test
# before has taken it away.
lw_lack() {
	[ -n "$LAB_FUNCTIONS" ] || lw_skip_all "$*"
	echo "TAP version 13"
	echo "1..1"
	echo "not ok 1 $*"
	exit 1
}

# lw_begin NUMBER: so many results will follow.
lw_begin() {
	LW_PLAN=$1
	echo "TAP version 13"
	echo "1..$1"
}

# lw_test "DESCRIPTION" COMMAND...: one result. What COMMAND says is shown if
# it fails; if it exits with 4, its last word is why it was skipped.
lw_test() {
	local what=$1 status
	shift

	LW_COUNT=$((LW_COUNT + 1))
	"$@" > "$LW_TMP/.said" 2>&1
	status=$?
	case $status in
	0)
		echo "ok $LW_COUNT $what"
		;;
	"$KSFT_SKIP")
		echo "ok $LW_COUNT $what # SKIP $(tail -n 1 "$LW_TMP/.said")"
		;;
	*)
		LW_FAILED=$((LW_FAILED + 1))
		echo "not ok $LW_COUNT $what"
		lw_diag "status $status; $*"
		lw_diag "$(tail -n 60 "$LW_TMP/.said")"
		;;
	esac
	return "$status"
}

lw_end() {
	if [ "$LW_COUNT" != "$LW_PLAN" ]; then
		lw_diag "planned $LW_PLAN results, there are $LW_COUNT"
		exit 1
	fi
	[ "$LW_FAILED" = 0 ]
	exit
}

# -- Needs

lw_need_root() {
	[ "$(id -u)" = 0 ] || lw_lack "must be run as root"
}

lw_need_tools() {
	local tool

	for tool; do
		command -v "$tool" > /dev/null || lw_lack "$tool is missing"
	done
}

lw_need_report() {
	[ -x "$LATWATCH_REPORT" ] ||
		lw_lack "no latwatch-report: make userspace, or set LATWATCH_REPORT"
}

# lw_need_program NAME: one of the tests' own
lw_need_program() {
	[ -x "$LATWATCH_PROGRAMS/$1" ] ||
		lw_lack "$1 is not built: make -C selftests"
}

# The module is there and not in use: the tests load and unload it.
lw_need_module() {
	lw_need_root
	lw_need_tools insmod rmmod
	[ -r "$LATWATCH_KO" ] ||
		lw_lack "no $LATWATCH_KO: make modules, or set LATWATCH_KO"
	lw_loaded && lw_lack "latwatch is loaded already: unload it first"
	# without its debug information it loads in a fraction of the time
	strip -g -o "$LW_TMP/latwatch.ko" "$LATWATCH_KO" 2> /dev/null ||
		cp "$LATWATCH_KO" "$LW_TMP/latwatch.ko"
	# a reader that was killed may have a moment to go
	lw_at_exit "! lw_loaded || lw_wait 10 rmmod latwatch"
}

lw_need_guest() {
	[[ -n $LATWATCH_GUEST && -n $LATWATCH_TAP ]] ||
		lw_lack "no guest: set LATWATCH_GUEST and LATWATCH_TAP"
	lw_need_tools ping
	lw_ping 1 > /dev/null 2>&1 || lw_lack "the guest $LATWATCH_GUEST does not answer"
}

lw_need_lab() {
	[ -n "$LAB_FUNCTIONS" ] || lw_skip_all "$1: only done in the lab"
}

# The same for one result: lw_in_lab || return
lw_in_lab() {
	[ -z "$LAB_FUNCTIONS" ] || return 0
	echo "only done in the lab"
	return "$KSFT_SKIP"
}

# lw_keep FILE...: what is in them now is in them at the end.
lw_keep() {
	local file value

	for file; do
		value=$(< "$file") || return
		lw_at_exit "echo $(printf %q "$value") > $(printf %q "$file")"
	done
}

# -- Conditions

# lw_wait SECONDS COMMAND...: until COMMAND is true.
lw_wait() {
	local end=$((SECONDS + $1))
	shift

	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# What takes too long to be done each time: lw_full || return
lw_full() {
	[ "$LATWATCH_STRESS" != full ] || return 0
	echo "takes long: LATWATCH_STRESS=full"
	return "$KSFT_SKIP"
}

# lw_shot NAME: a report, kept as $LW_TMP/NAME.
lw_shot() {
	"$LATWATCH_REPORT" --json > "$LW_TMP/$1"
}

# lw_stress FEW MANY: how often to do it.
lw_stress() {
	[ "$LATWATCH_STRESS" = full ] && echo "$2" || echo "$1"
}

lw_rt() {
	[[ $(uname -v) = *PREEMPT_RT* ]]
}

# -- The module and the reporter

lw_loaded() {
	[ -d /sys/module/latwatch ]
}

# lw_load [PARAMETER=VALUE...]
lw_load() {
	insmod "$LW_TMP/latwatch.ko" "$@"
}

lw_unload() {
	rmmod latwatch
}

# Nobody reads from it.
lw_unheld() {
	[ "$(cat /sys/module/latwatch/refcnt)" = 0 ]
}

# lw_json EXPRESSION [FILE]: print a Python expression over the report j, with
#	line(NAME[, BOOKS])	what a line of the ledger counts, 0 if absent
#	balanced(BOOKS)		those of each path close
#	stage(NAME[, PATH])	the first row of that name, or None
#	closed(BOOKS)		all but opened and notes, counted line by line
#	attached(PREFIX)	names of attached tracepoints
#	exists(NAME)		the kernel has a tracepoint of that name
#	vms(FLAG)		VMs that are gone, or not
#	grown(F)		F(), less what it was in the file LW_BEFORE
# and, saying what is not so, the first two over the host with the VM of the process
# LW_VMM:
#	shows(PATH, STAGE...)	each of the stages has counted something
#	hides(PATH, STAGE...)	none has
#	adds_up()		the parts of each longest way are all of it
#	whole()			no books have lost sight of a packet
lw_json() {
	{
		if [ -n "$2" ]; then
			cat "$2"
		else
			"$LATWATCH_REPORT" --json
		fi
	} | python3 -I -S -c '
import glob, json, os, sys

def read(file):
    global j, host
    j = json.load(file)
    host = j["host"]["ledger"]

def rows(books, *categories):
    return [e for e in books["entries"] if e["category"] in categories]

def total(books, *categories):
    return sum(e["count"] for e in rows(books, *categories))

def line(name, books=None):
    return sum(e["count"] for e in (books or host)["entries"]
               if e["name"] == name)

def closed(books=None):
    return sum(e["count"] for e in (books or host)["entries"]
               if e["category"] not in ("opened", "note"))

def balanced(books):
    sums = {}
    for e in books["entries"]:
        if e["category"] != "note":
            n = e["count"] if e["category"] == "opened" else -e["count"]
            sums[e["path"]] = sums.get(e["path"], 0) + n
    return not any(sums.values())

def stage(name, path="rx"):
    for part in [j["host"]] + j["vms"]:
        for s in part["stages"]:
            if s["stage"] == name and s["path"] == path:
                return s

def attached(prefix=""):
    return [t["name"] for t in j["info"]["tracepoints"]
            if t["attached"] and t["name"].startswith(prefix)]

def exists(name):
    return bool(glob.glob("/sys/kernel/tracing/events/*/" + name))

def vms(gone=False):
    return [v for v in j["vms"] if v["gone"] == gone]

def grown(count):
    global j, host
    now, kept = count(), (j, host)
    read(open(os.environ["LW_BEFORE"]))
    now -= count()
    j, host = kept
    return now

def counted(path):
    return {s["stage"]: s["count"] for p in [j["host"]] + vms()
            if p.get("pid", vmm) == vmm
            for s in p["stages"] if s["path"] == path}

def shows(path, *stages):
    missing = [s for s in stages if not counted(path).get(s)]
    if missing:
        print(path, "shows no", missing, "but", counted(path), file=sys.stderr)
    return not missing

def hides(path, *stages):
    there = [s for s in stages if counted(path).get(s)]
    if there:
        print(path, "shows", there, counted(path), file=sys.stderr)
    return not there

def adds_up():
    bad = [(w["path"], w["stage"], w["residual_ns"])
           for p in [j["host"]] + vms() for w in p["watermarks"]
           if w.get("residual_ns")]
    if bad:
        print("the parts do not add up:", bad, file=sys.stderr)
    return not bad

def within_its_marks(w, row):
    at = {m["id"]: m["time_ns"] for m in w["marks"]}
    begin = min(at.values()) if row["from"] is None else at.get(row["from"])
    end = next((at[m] for m in (row["to"], row["or_to"]) if m in at), w["time_ns"])
    if begin is None or end != w["time_ns"] or \
       not set(row["with"]) <= set(at) or set(row["without"]) & set(at):
        return False
    # of a delivery the flight is the oldest packet, which need not be the first
    return end - begin == w["value_ns"] or \
        row["per"] == "delivery" and end - begin < w["value_ns"]

# the worst of each stage is from mark to mark, as the row of the stage says
def bounded():
    parts = [j["host"]] + j["vms"]
    rows_of = {s["id"]: s for p in parts for s in p["stages"]}
    bad = [(w["path"], w["stage"], w) for p in parts for w in p["watermarks"]
           if not within_its_marks(w, rows_of[w["id"]])]
    if bad:
        print("not of their marks:", *bad, sep="\n", file=sys.stderr)
    return not bad

def whole():
    lost = [(e["path"], e["name"], e["count"])
            for b in [host] + [v["ledger"] for v in vms()]
            for e in rows(b, "lost") if e["count"]]
    if lost:
        print("lost:", lost, file=sys.stderr)
    return not lost

vmm = int(os.environ.get("LW_VMM", 0))
read(sys.stdin)
print(eval("(" + sys.argv[1] + ")"))
' "$1"
}

# lw_true EXPRESSION [FILE]: is it true?
lw_true() {
	[ "$(lw_json "$@")" = True ]
}

# Nothing is on any way, neither the host's nor a VM's, and nothing came since the
# last time it was asked.
lw_quiet() {
	local now

	now=$("$LATWATCH_REPORT" --json | grep -E '"(opened|in_flight)":') &&
	[[ $now != *'"in_flight":	'[1-9]* ]] && [ "$now" = "$LW_LAST" ] && return
	LW_LAST=$now
	return 1
}

lw_wait_quiet() {
	LW_LAST=
	lw_wait 60 lw_quiet
}

# lw_waiting N: so many are on their way to guests at least.
lw_waiting() {
	lw_true "host['paths']['rx']['in_flight'] >= $1"
}

# -- The books

lw_mark() {
	"$LATWATCH_REPORT" --json > "$LW_TMP/mark"
}

# lw_grown EXPRESSION N [FILE]: since the mark it grew by N at least.
lw_grown() {
	LW_BEFORE=$LW_TMP/mark lw_true "grown(lambda: $1) >= $2" "${@:3}"
}

# lw_closed [EXPRESSION N]: nothing is on its way, opened is the sum of all else,
# nothing is negative; and since the mark the expression grew by N at least.
lw_closed() {
	local grown=True

	[ $# = 0 ] || grown="grown(lambda: $1) >= $2"
	lw_wait_quiet || {
		echo "packets stay on their way"
		lw_json 'host'
		return 1
	}
	"$LATWATCH_REPORT" --json > "$LW_TMP/json" || return
	LW_BEFORE=$LW_TMP/mark lw_json 'print(*host["entries"], sep="\n") or (
		balanced(host) and
		all(balanced(v["ledger"]) for v in j["vms"]) and
		min(e["count"] for b in [host] + [v["ledger"] for v in j["vms"]]
		    for e in b["entries"]) >= 0 and
		'"$grown"')' "$LW_TMP/json" |
		tee "$LW_TMP/verdict"
	[ "$(tail -n 1 "$LW_TMP/verdict")" = True ]
}

# -- Traffic to the guest

lw_sender() {
	$LATWATCH_SENDER "$@"
}

# lw_ping COUNT [INTERVAL]
lw_ping() {
	lw_sender ping -q -c "$1" -i "${2:-0.05}" -W 5 "$LATWATCH_GUEST"
}

# lw_burst COUNT [SIZE]: back to back if there is a tool for it, to a port
# that answers with nothing.
lw_burst() {
	if [ -n "$LATWATCH_SENDER_DEV" ] && command -v mausezahn > /dev/null; then
		lw_sender mausezahn "$LATWATCH_SENDER_DEV" -q -c "$1" -d 0 \
			-B "$LATWATCH_GUEST" -t udp "sp=4000,dp=9" \
			-p "${2:-18}" > /dev/null
	else
		lw_sender bash -c \
			"for ((i = 0; i < $1; i++)); do
				printf '%${2:-18}s' x > /dev/udp/$LATWATCH_GUEST/9
			done"
	fi
}

# lw_tap_ring N COMMAND...: with room for N packets in the tap's ring
lw_tap_ring() {
	local length status

	length=$(< "/sys/class/net/$LATWATCH_TAP/tx_queue_len")
	ip link set "$LATWATCH_TAP" txqueuelen "$1" || return
	"${@:2}"
	status=$?
	ip link set "$LATWATCH_TAP" txqueuelen "$length" && return "$status"
}

# lw_burst_full N: bursts until N were dropped since the mark at a ring that was
# full. A slow host's NIC lets through what it can.
lw_burst_full() {
	local round

	for round in 1 2 3 4 5; do
		for _ in 1 2 3 4 5 6; do
			lw_burst 200
		done
		! lw_grown 'line("FULL_RING")' "$1" || return 0
		echo "not $1 after $((round * 1200)) packets"
	done
	return 1
}

# lw_paused COMMAND...: while its monitor has paused the guest; of the lab
lw_paused() {
	local status

	lw_in_lab && lab_guest_qmp stop || return
	"$@"
	status=$?
	lab_guest_qmp cont && return "$status"
}

# lw_traffic_start: pings and bursts until lw_traffic_stop.
lw_traffic_start() {
	while :; do
		lw_ping 3 0.01
		lw_burst 10
		sleep 0.05
	done > /dev/null 2>&1 &
	LW_TRAFFIC=$!
	lw_at_exit lw_traffic_stop
}

lw_traffic_stop() {
	[ -n "$LW_TRAFFIC" ] || return 0
	kill "$LW_TRAFFIC"
	wait "$LW_TRAFFIC" 2> /dev/null
	LW_TRAFFIC=
}

# -- The kernel's complaints

lw_dmesg_mark() {
	echo "latwatch: selftest $LW_NAME $1" > /dev/kmsg
}

# what the log has since the mark
lw_dmesg_since() {
	dmesg | sed -n "/latwatch: selftest $LW_NAME $1\$/,\$p"
}

LW_KMEMLEAK=/sys/kernel/debug/kmemleak

# What a leak checker finds, if this kernel has one. It takes a second look at
# what was asked for less than five seconds ago.
lw_kmemleak() {
	[ -w "$LW_KMEMLEAK" ] || {
		echo "no kmemleak"
		return "$KSFT_SKIP"
	}
	sleep 6
	echo scan > "$LW_KMEMLEAK" && echo scan > "$LW_KMEMLEAK" || return
	cat "$LW_KMEMLEAK"
	! grep -q . "$LW_KMEMLEAK"
}

lw_no_splat() {
	local bad

	bad=$(lw_dmesg_since "$1" |
		grep -A 20 -E 'WARNING:|BUG:|BUG at|Oops|Call Trace:|general protection|unable to handle|blocked for more than|Invalid wait context')
	[ -z "$bad" ] || {
		echo "$bad"
		return 1
	}
}
