#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# report: latwatch-report as a user meets it.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3
lw_need_guest

# status EXPECTED ARGUMENT...: what it prints is in out and err.
status() {
	local expected=$1 status
	shift

	echo "latwatch-report $*"
	"$LATWATCH_REPORT" "$@" > "$LW_TMP/out" 2> "$LW_TMP/err" < /dev/null
	status=$?
	head -n 50 "$LW_TMP/out" "$LW_TMP/err"
	[ "$status" = "$expected" ]
}

has() {
	local words

	for words; do
		grep -q -e "$words" "$LW_TMP/out" || {
			echo "missing: $words"
			return 1
		}
	done
}

not_loaded() {
	status 1 && [ ! -s "$LW_TMP/out" ] &&
	grep -q -E '(modprobe|insmod) latwatch' "$LW_TMP/err"
}

load() {
	lw_load && lw_ping 10 && lw_burst 20 && lw_wait_quiet
}

page() {
	status 0 && [ ! -s "$LW_TMP/err" ] &&
	has "^latwatch " "softirq wait" "tap dwell" "backend wake" \
	    "backend service" "end to end" "ledger" "verdict" "$LATWATCH_TAP"
}

# what this kernel cannot have is not shown
thread_rows() {
	status 0 || return
	if lw_rt; then
		has "irq thread wake" PREEMPT_RT
	else
		! has "irq thread wake" && ! has PREEMPT_RT
	fi
}

json() {
	status 0 --json && python3 -m json.tool "$LW_TMP/out" "$LW_TMP/parsed" &&
	lw_true 'j["schema"] >= 1 and not j["interrupted"] and
		 len(vms()) == 1 and stage("end to end")["count"] +
		 line("polled by the guest") >= 30' \
		"$LW_TMP/out"
}

bounded() {
	status 0 --json &&
	lw_true 'bounded() and len(j["vms"][0]["watermarks"]) > 5' "$LW_TMP/out"
}

# the page and the JSON are of the same figures
same() {
	local line max

	status 0 --json || return
	max=$(lw_json '"{:,.1f}".format(stage("end to end")["max_ns"] / 1000)' "$LW_TMP/out")
	status 0 && line=$(grep -m 1 'end to end' "$LW_TMP/out") &&
	[[ " $line " = *" $max "* ]]
}

# a header and as many columns in each line, one line per stage
csv() {
	status 0 --csv &&
	python3 -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1])))
assert len(rows) > 10 and len(rows[0]) > 5, rows
assert all(len(r) == len(rows[0]) for r in rows), rows
' "$LW_TMP/out"
}

views() {
	local view

	for view in --vms --cpus --ledger "--histogram=tap dwell"; do
		status 0 "$view" || return
		[[ -s $LW_TMP/out && ! -s $LW_TMP/err ]] || return
	done
	status 0 --ledger && has "taken by a backend" "brought forward"
}

one_vm() {
	local id

	id=$(lw_json 'vms()[0]["id"]')
	status 0 --vm "$id" && has "$LATWATCH_TAP" &&
	status 1 --vm 4000000000 && [ -s "$LW_TMP/err" ]
}

usage() {
	local bad

	for bad in --nonsense --watch=0 --watch=x --count=0 --vm=x --json=1 word; do
		status 2 "$bad" || return
		[[ -s $LW_TMP/err && ! -s $LW_TMP/out ]] || return
	done
}

help() {
	status 0 --help && has "Usage:" "Exit status" &&
	status 0 --version && has "[0-9]\.[0-9]"
}

# no terminal: a block each time, without the sequences that steer one
watch() {
	status 0 --watch=0.2 --count 3 &&
	[ "$(grep -c "^latwatch " "$LW_TMP/out")" = 3 ] &&
	! grep -q $'\033' "$LW_TMP/out"
}

watch_json() {
	status 0 --watch=0.2 --count 3 --json &&
	[ "$(wc -l < "$LW_TMP/out")" = 3 ] &&
	python3 -c '
import json, sys
docs = [json.loads(line) for line in open(sys.argv[1])]
assert docs[0]["info"]["now_ns"] < docs[2]["info"]["now_ns"], docs
' "$LW_TMP/out"
}

# packets come while it looks: what is now stands beside the maximum of all
screen() {
	local pid status

	"$LATWATCH_REPORT" --watch=0.5 --count 8 --screen=100x70 < /dev/null \
		> "$LW_TMP/out" 2> "$LW_TMP/err" &
	pid=$!
	lw_at_exit "kill $pid 2> /dev/null"
	lw_wait 10 grep -q "end to end" "$LW_TMP/out" && lw_ping 10
	wait "$pid"
	status=$?
	tail -n 71 "$LW_TMP/out"
	[ "$status" = 0 ] &&
	has "^> rx .*max .* us over .*, 0 unaccounted" "the books close" &&
	grep -q -E '^  end to end  +[0-9][0-9,.]*  *<?[0-9][0-9,.]*  *<?[0-9]' "$LW_TMP/out" &&
	! grep -q $'\033' "$LW_TMP/out"
}

# what is drawn is what is saved; of each stage there is a worst flight
pictures() {
	local tests=$LW_DIR/../userspace/tests

	status 0 --json && cp "$LW_TMP/out" "$LW_TMP/drawn.json" &&
	status 0 --html && has "<svg" "Worst flights" "max at" "$LATWATCH_TAP" &&
	! grep -q -i -e "<script" -e "http:" "$LW_TMP/out" &&
	status 0 --read "$LW_TMP/drawn.json" --trace &&
	has '"worst end to end"' '"worst tap dwell"' '"worst hard irq"' &&
	{ [ ! -e "$tests/check_trace.py" ] ||
	  python3 "$tests/check_trace.py" "$LW_TMP/out" "$LW_TMP/drawn.json"; }
}

full_disk() {
	"$LATWATCH_REPORT" > /dev/full 2> "$LW_TMP/err"
	[ $? = 1 ] && [ -s "$LW_TMP/err" ]
}

# the module goes while it is watched
goes() {
	local pid status

	"$LATWATCH_REPORT" --watch=0.2 < /dev/null > "$LW_TMP/out" 2> "$LW_TMP/err" &
	pid=$!
	lw_at_exit "kill $pid"
	lw_wait 10 grep -q "^latwatch " "$LW_TMP/out" || return
	lw_wait 20 lw_unload || return
	lw_wait 20 ended "$pid" || return
	wait "$pid"
	status=$?
	cat "$LW_TMP/err"
	[ "$status" = 1 ] && [ -s "$LW_TMP/err" ]
}

ended() {
	! kill -0 "$1" 2> /dev/null
}

lw_begin 19
lw_test "without the module: status 1, and what to do" not_loaded
lw_test "there is something to report" load
lw_test "the page has the stages and the books" page
lw_test "irq threads are on the page on PREEMPT_RT alone" thread_rows
lw_test "--json is JSON" json
lw_test "the worst of each stage is from mark to mark" bounded
lw_test "page and JSON say the same" same
lw_test "--csv has a table's shape" csv
lw_test "the other views" views
lw_test "--vm chooses one, or says that there is none" one_vm
lw_test "bad usage: status 2" usage
lw_test "--help and --version" help
lw_test "--watch without a terminal" watch
lw_test "--watch --json: a document per line" watch_json
lw_test "--screen has what is now" screen
lw_test "--html and --trace draw what is reported" pictures
lw_test "a full disk is a failure" full_disk
lw_test "a failure leaves the module as it was" status 0
lw_test "--watch ends with status 1 when the module goes" goes
lw_end
