#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Host tests of the reporter, as KTAP.
#
#	run.sh REPORTER FOLDER		REPORTER: as it is installed; FOLDER: where
#					the test programs were built
#	run.sh --golden FOLDER		writes the golden files anew
#
# FUZZ_RUNS is how many inputs each fuzzer tries (20,000), FUZZ_SECONDS when it
# stops at the latest (120).

# shellcheck disable=SC2317	# some functions are called by name
# shellcheck disable=SC2319	# it is the condition whose status is counted

set -u
export LC_ALL=C TZ=UTC
unset LW_FAKE LW_FAKE_LOG
# Files are named from here, so that no golden file knows where it was made.
mode=$1
[ "$mode" = --golden ] || reporter=$(realpath "$1")
built=$(realpath "$2")
cd "$(dirname "$0")" || exit
golden=golden
fake=$built/latwatch-report
out=$built/out
page=../../Documentation/man/latwatch-report.8
rm -rf "$out"
mkdir -p "$out"

# What each golden file is made from: its name, the machine, the arguments.
goldens='
page-normal.txt		normal
page-empty.txt		empty
page-missing.txt	missing
page-two-vms.txt	two-vms
page-one-of-two.txt	two-vms		--vm 2
page-by-pid.txt		two-vms		--vm 217
page-non-rt.txt		non-rt
page-forgotten.txt	forgotten
page-off.txt		off
page-unbound.txt	unbound
page-interrupted.txt	interrupted
page-vm-goes.txt	vm-goes
page-reset.txt		reset
page-risen.txt		risen
page-paths.txt		paths
page-paths-2.txt	paths		--vm 2
page-paths-blind.txt	paths-blind
page-paths-forgotten.txt paths-forgotten
page-places.txt		places
page-unseen.txt		unseen
page-watch.txt		normal		--watch=0.1 --count 2
json-normal.json	normal		--json
json-empty.json		empty		--json
json-missing.json	missing		--json
json-two-vms.json	two-vms		--json
json-paths.json		paths		--json
json-places.json	places		--json
json-unseen.json	unseen		--json
json-watch.json		empty		--json --watch=0.1 --count 2
csv-normal.csv		normal		--csv
csv-empty.csv		empty		--csv
csv-missing.csv		missing		--csv
csv-two-vms.csv		two-vms		--csv
csv-paths.csv		paths		--csv
csv-places.csv		places		--csv
csv-unseen.csv		unseen		--csv
csv-watch.csv		empty		--csv --watch=0.1 --count 2
screen.txt		paths		--screen
screen-80x24.txt	paths		--screen=80x24
screen-wide.txt		two-vms		--screen=200x60
screen-20x5.txt		paths		--screen=20x5
screen-missing.txt	missing		--screen
screen-empty.txt	empty		--screen=80x24
screen-off.txt		off		--screen=80x24
screen-forgotten.txt	paths-forgotten	--screen
screen-watch.txt	moving		--screen=80x24 --watch=0.1 --count 3
html-paths.html		paths		--html
trace-paths.json	paths		--trace
worst.txt		paths		worst
worst-1.txt		paths		worst 1 --vm 2
worst.csv		paths		worst --csv
why.txt			paths		why
why-stage.txt		paths		why rx/backend-wake
why-empty.txt		normal		why
why.csv			paths		why --csv
explain.txt		-		explain thread
explain-stage.txt	-		explain rx/backend-wake
read-worst.txt		-		worst --read golden/json-paths.json
read-why.txt		-		why --read golden/json-paths.json
vms.txt			two-vms		--vms
vms-empty.txt		empty		--vms
cpus.txt		normal		--cpus
cpus-paths.txt		paths		--cpus
cpus-places.txt		places		--cpus
cost.txt		paths		--cost
cost-off.txt		normal		--cost
cost-older.txt		older		--cost
set.txt			normal		--set self-cost=on
set-measure.txt		off		--set measure=off
set-both.txt		normal		--set self-cost=on --set measure=on --set self-cost=off
ledger.txt		two-vms		--ledger
ledger-paths.txt	paths		--ledger
histogram-paths.txt	paths		--histogram TX/stack
histogram-reader.txt	paths		--histogram reader/end_to_end
histogram.txt		two-vms		--histogram tap-dwell
histogram-blind.txt	missing		--histogram entry
reset.txt		normal		--reset
budget.txt		paths		budget
budget-none.txt		normal		budget
budget-set.txt		paths		budget good.limits
windows.txt		paths		windows
windows-napi.txt	paths		windows napi
windows-none.txt	normal		windows
help.txt		normal		--help
read-page.txt		-		--read golden/json-paths.json --vm 2
read-cost.txt		-		--read golden/json-paths.json --cost
read-histogram.txt	-		-r golden/json-paths.json --histogram tx/stack
compare-same.txt	-		--compare runs/before runs/again
compare-slower.txt	-		--compare runs/before runs/after
compare-slower.json	-		--compare --json runs/before runs/after
compare-slower.csv	-		--compare --csv runs/before runs/after
compare-faster.txt	-		--compare runs/after runs/before/1.json,runs/before/2.json,runs/before/3.json,runs/before/4.json,runs/before/5.json
compare-single.txt	-		--compare runs/before/1.json runs/after/1.json
compare-baseline.txt	-		--compare runs/before runs/again/3.json
compare-vms.txt		-		--compare golden/json-normal.json golden/json-two-vms.json
compare-vms.json	-		--compare --json golden/json-normal.json golden/json-two-vms.json
color-page.txt		two-vms		--color
color-missing.txt	missing		--color=always
color-forgotten.txt	forgotten	--color=always
color-slower.txt	-		--color=always --compare runs/before runs/after
compare-empty.txt	-		--compare golden/json-empty.json golden/json-empty.json
'

each_golden() {
	echo "$goldens" | while read -r file machine arguments; do
		[ -n "$file" ] || continue
		"$1" "$file" "$machine" "$arguments" || echo "$file"
	done
}

# A comparison exits with what it came to; its golden file is named like that.
# Arguments are split at blanks on purpose.
# shellcheck disable=SC2086
render() {
	case $1 in
	compare-slower*|compare-single*|color-slower*) want=3 ;;
	compare-faster*|compare-vms*) want=4 ;;
	compare-empty*) want=1 ;;
	*) want=0 ;;
	esac
	LW_FAKE=$2 "$fake" $3 >"$4/$1" 2>"$out/$1.err" </dev/null
	status=$?
	[ $want -ne 1 ] || mv "$out/$1.err" "$out/$1.said"
	if [ $status -ne $want ] || [ -s "$out/$1.err" ]; then
		echo "# $1: exit status $status" >&2
		sed 's/^/# /' "$out/$1.err" >&2
		return 1
	fi
}

# Bounds and their golden files: the file's name, status, and what is estimated.
bounds='
bound-steady.txt	0	1e-6 1 maxima/steady.txt
bound-rising.txt	3	1e-6 1 maxima/rising.json
bound-blocks.txt	0	0.01 5 maxima/steady.txt
bound-few.txt		3	0.01 60 maxima/steady.txt
bound-wide.txt		3	1e-6 5 maxima/steady.txt
bound-steady.json	0	--json 1e-6 1 maxima/steady.txt
bound-rising.json	3	--json 1e-6 1 maxima/rising.json
bound-few.json		3	--json 1e-6 60 maxima/steady.txt
'

# Those for machines have more digits than are the same everywhere.
each_bound() { # FOLDER
	echo "$bounds" | while read -r file want arguments; do
		[ -n "$file" ] || continue
		case $file in
		*.json) folder=$out ;;
		*) folder=$1 ;;
		esac
		# shellcheck disable=SC2086
		"$built/test_bound" $arguments >"$folder/$file" 2>"$out/$file.err"
		status=$?
		[ $status -eq "$want" ] && [ ! -s "$out/$file.err" ] || echo "$file"
	done
}

write_golden() {
	render "$1" "$2" "$3" "$golden"
}

if [ "$mode" = --golden ]; then
	mkdir -p "$golden"
	[ -z "$(each_golden write_golden; each_bound "$golden")" ]
	exit
fi

nr=0
bad=0
echo "KTAP version 1"

ok() { # STATUS NAME
	nr=$((nr + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $nr $2"
	else
		echo "not ok $nr $2"
		bad=1
	fi
}

skip() { # NAME WHY
	nr=$((nr + 1))
	echo "ok $nr $1 # SKIP $2"
}

program() { # NAME: a program that speaks KTAP itself
	"$built/$1" >"$out/$1.ktap" 2>"$out/$1.err"
	status=$?
	sed 's/^/  /' "$out/$1.ktap"
	sed 's/^/# /' "$out/$1.err"
	ok $status "$1"
}

exits() { # STATUS ERROR ARGUMENTS...: ERROR is a part of the only line there
	want=$1
	error=$2
	shift 2
	"$program" "$@" >"$out/stdout" 2>"$out/stderr" </dev/null
	got=$?
	result=0
	[ $got -eq "$want" ] || result=1
	if [ -n "$error" ]; then
		[ "$(wc -l <"$out/stderr")" -eq 1 ] || result=1
		grep -qF -- "$error" "$out/stderr" || result=1
	elif [ -s "$out/stderr" ]; then
		result=1
	fi
	if [ $result -ne 0 ]; then
		echo "# exit status $got, not $want, or not the error '$error':"
		sed 's/^/# /' "$out/stderr"
	fi
	ok $result "${LW_FAKE:-installed}: $* exits $want"
}

program test_command
program test_decode
program test_model
program test_saved
program test_compare
program test_watch
program test_gev
program test_bound

each_pair() {
	render "$1" "$2" "$3" "$out" &&
		diff -u "$golden/$1" "$out/$1" >"$out/$1.diff" 2>&1
}

failed=$(each_golden each_pair)
for file in $(echo "$goldens" | awk 'NF { print $1 }'); do
	case " $(echo "$failed" | tr '\n' ' ') " in
	*" $file "*)
		sed 's/^/# /' "$out/$file.diff" 2>/dev/null
		ok 1 "golden $file"
		;;
	*)
		ok 0 "golden $file"
		;;
	esac
done

[ -z "$(each_bound "$out")" ]
ok $? "bounds are given, or not, and say so in their status"
for file in $(echo "$bounds" | awk '$1 ~ /txt$/ { print $1 }'); do
	diff -u "$golden/$file" "$out/$file" >"$out/$file.diff" 2>&1
	result=$?
	sed 's/^/# /' "$out/$file.diff"
	ok $result "golden $file"
done

# The comparison above must be able to fail.
sed '$s/[0-9]/x/' "$golden/page-normal.txt" >"$out/changed"
diff -q "$out/changed" "$out/page-normal.txt" >/dev/null
[ $? -eq 1 ]
ok $? "a changed golden file is noticed"

result=0
for file in "$out"/page-*.txt "$out"/cpus*.txt "$out"/vms.txt \
	    "$out"/*.csv "$out"/ledger*.txt "$out"/histogram*.txt \
	    "$out"/screen*.txt; do
	if LC_ALL=C grep -q '[^ -~]' "$file"; then
		echo "# $file has bytes that are not printable"
		result=1
	fi
done
ok $result "nothing but printable ASCII reaches a terminal"

# Without its color, text is what it is without.
escape=$(printf '\033')
result=0
for pair in color-page:page-two-vms color-missing:page-missing \
	    color-forgotten:page-forgotten color-slower:compare-slower; do
	grep -q "$escape" "$out/${pair%:*}.txt" &&
		sed "s/$escape\[[0-9;]*m//g" "$out/${pair%:*}.txt" |
		diff "$out/${pair#*:}.txt" - || result=1
done >"$out/color.diff"
sed 's/^/# /' "$out/color.diff"
ok $result "color adds to text, and changes none"

colored() { # STATUS NAME COMMAND...: whether its output has color
	want=$1
	name=$2
	shift 2
	LW_FAKE=two-vms "$@" 2>&1 | grep -q "$escape"
	[ $? -eq "$want" ]
	ok $? "color: $name"
}

colored 1 "none in a pipe" "$fake"
colored 1 "none in a pipe with auto" "$fake" --color=auto
colored 1 "none with never" "$fake" --color=never
colored 0 "always" "$fake" --color=always
colored 0 "always is stronger than NO_COLOR" env NO_COLOR=1 "$fake" --color
colored 0 "in each report of a watch" "$fake" --color --watch=0.1 --count 2
colored 1 "none in JSON" "$fake" --color --json
colored 1 "none in CSV" "$fake" --color --csv
colored 0 "in the screen as text" "$fake" --color --screen
colored 1 "none in a comparison's JSON" "$fake" --color --compare --json \
	runs/before runs/after
if command -v script >/dev/null; then
	terminal() { # ENVIRONMENT ARGUMENTS
		env TERM=xterm "$1" script -qec "$fake $2" /dev/null </dev/null
	}
	colored 0 "on a terminal" terminal NO_COLOR= ""
	colored 1 "none with NO_COLOR" terminal NO_COLOR=1 ""
	colored 0 "always, with NO_COLOR" terminal NO_COLOR=1 --color=always
	colored 1 "none on a terminal with never" terminal NO_COLOR= --color=never
	colored 1 "none on a dumb terminal" terminal TERM=dumb ""
else
	skip "color: on a terminal" "no script(1)"
fi

if command -v python3 >/dev/null; then
	python3 check_json.py "$out"/json-normal.json \
		"$out"/json-empty.json "$out"/json-missing.json \
		"$out"/json-two-vms.json "$out"/json-paths.json \
		"$out"/json-places.json >"$out/json.err" 2>&1
	status=$?
	sed 's/^/# /' "$out/json.err"
	ok $status "JSON is valid and its keys have units"
else
	skip "JSON is valid and its keys have units" "no python3"
fi

if python3 -c 'import jsonschema' 2>/dev/null; then
	python3 check_schema.py ../../Documentation/json/comparison.json \
		"$out"/compare-*.json >"$out/schema.err" 2>&1
	status=$?
	sed 's/^/# /' "$out/schema.err"
	ok $status "comparisons are of their schema"
	python3 check_schema.py ../../Documentation/json/bound.json \
		"$out"/bound-steady.json "$out"/bound-rising.json \
		"$out"/bound-few.json >"$out/schema.err" 2>&1
	status=$?
	sed 's/^/# /' "$out/schema.err"
	ok $status "bounds are of their schema"
else
	skip "comparisons are of their schema" "no python3-jsonschema"
	skip "bounds are of their schema" "no python3-jsonschema"
fi

if command -v python3 >/dev/null; then
	set --
	for set in normal empty missing two-vms paths places unbound; do
		LW_FAKE=$set "$fake" --trace >"$out/trace-$set.json" &&
			LW_FAKE=$set "$fake" --json >"$out/traced-$set.json" &&
			set -- "$@" "$out/trace-$set.json" "$out/traced-$set.json"
	done
	[ $# -eq 14 ] && python3 check_trace.py "$@" >"$out/trace.err" 2>&1
	status=$?
	sed 's/^/# /' "$out/trace.err"
	ok $status "traces are whole, and of the report's flights"
else
	skip "traces are whole, and of the report's flights" "no python3"
fi

result=0
for view in html trace; do
	"$fake" --read golden/json-paths.json --color --$view >"$out/colored" &&
		"$fake" --read golden/json-paths.json --$view |
		diff "$out/colored" - >/dev/null || result=1
done
ok $result "color is none of a page's for browsers, nor of a trace's"

# Pages, in a browser.
set --
for set in normal empty missing two-vms paths paths-forgotten off; do
	LW_FAKE=$set "$fake" --html >"$out/$set.html" && set -- "$@" "$out/$set.html"
done
"$fake" --read saved/0.1.0.json --html >"$out/old.html" && set -- "$@" "$out/old.html"
# any program may have any name
sed 's|qemu-system-x86|<script>throw \\"1\\"</script>|' golden/json-paths.json >"$out/evil.json"
"$fake" --read "$out/evil.json" --html >"$out/evil.html" && set -- "$@" "$out/evil.html"
python3 make_recording.py golden/json-paths.json >"$out/recording.json"
"$fake" --read "$out/recording.json" --html >"$out/recording.html" &&
	set -- "$@" "$out/recording.html"
[ $# -eq 10 ] && ! grep -q '<script' "$out/evil.html" &&
	grep -q '&lt;script&gt;throw &quot;1&quot;' "$out/evil.html"
ok $? "pages are written of each machine, of a saved report, and of a recording"
if ! command -v chromium >/dev/null; then
	skip "pages in a browser" "no chromium"
elif ! command -v python3 >/dev/null; then
	skip "pages in a browser" "no python3"
else
	mkdir -p "$out/pictures"
	python3 check_html.py "$out/pictures" "$@" >"$out/html.err" 2>&1
	status=$?
	sed 's/^/# /' "$out/html.err"
	ok $status "pages in a browser: no error, nothing loaded, readable in each size"
	# What the browser looks for must be able to be missed.
	sed -e 's/Verdicts/Words/' -e 's/<body>/<body><script>throw 1<\/script>/' \
		-e 's/9rem minmax(0,1fr)/90rem 90rem/' "$out/paths.html" >"$out/spoilt.html"
	python3 check_html.py "$out/pictures" "$out/spoilt.html" >"$out/spoilt.err" 2>&1
	[ $? -eq 1 ] && grep -q "'Verdicts' is not to be read" "$out/spoilt.err" &&
		grep -q "sticks out" "$out/spoilt.err" &&
		grep -q "it is not by itself" "$out/spoilt.err" &&
		grep -q "the browser complains" "$out/spoilt.err"
	ok $? "pages in a browser: a spoilt one is noticed"
fi

# What was saved is read back as it was.
for set in normal empty missing two-vms paths places unseen; do
	"$fake" --read golden/json-$set.json --json >"$out/again.json" &&
		diff -u golden/json-$set.json "$out/again.json" >"$out/again.diff"
	result=$?
	head -n 20 "$out/again.diff" | sed 's/^/# /'
	ok $result "$set: saved, read and saved again is the same"
done
for set in normal empty missing paths places unseen; do
	"$fake" --read golden/json-$set.json >"$out/again.txt" &&
		diff -u golden/page-$set.txt "$out/again.txt" >"$out/again.diff" &&
		"$fake" --read golden/json-$set.json --csv |
		diff -u golden/csv-$set.csv - >"$out/again.diff"
	result=$?
	head -n 20 "$out/again.diff" | sed 's/^/# /'
	ok $result "$set: what was read is shown as what was measured"
done

# A report that 0.1.0 saved, without places: its numbers are the order. Nor does it say
# where stages end: its worst was split when it was saved. It has no prototypes, and
# nobody looked for culprits.
old=saved/0.1.0.json
! grep -q '"place"' $old &&
	"$fake" --read $old >"$out/old.txt" &&
	grep -v '^    met ' golden/page-paths.txt |
	diff -u - "$out/old.txt" >"$out/old.diff" &&
	"$fake" --read $old --csv |
	diff -u golden/csv-paths.csv - >"$out/old.diff"
result=$?
head -n 20 "$out/old.diff" | sed 's/^/# /'
ok $result "$old: is shown as it was"
"$fake" --read $old --json >"$out/old.json" &&
	grep -q '"place":	null' "$out/old.json" &&
	grep -v -E -e '"(place|from|to|or_to|with|without|within|also|by_task|prototype)":' \
		-e '^		"marks":' "$out/old.json" |
	diff -u $old - >"$out/old.diff"
result=$?
head -n 20 "$out/old.diff" | sed 's/^/# /'
ok $result "$old: saved again is the same"

program=$fake
export LW_FAKE
LW_FAKE=normal
exits 0 ""
exits 0 "" --version
exits 0 "" -h
exits 0 "" --vm 1 --cpus
exits 0 "" -w0.1 --count 1
exits 2 "unrecognized option '--nonsense'" --nonsense
exits 2 "requires an argument" --vm
exits 2 "invalid argument 'x' for --vm (expected an id or a process id, 0 to 4294967295)" --vm x
exits 2 "invalid argument '-1' for --vm" --vm=-1
exits 2 "invalid argument '4294967296' for --vm" --vm 4294967296
exits 2 "invalid argument '0' for --watch (expected 0.1 to 86400 seconds)" --watch=0
exits 2 "invalid argument '=2' for --watch (expected 0.1 to 86400 seconds)" -w=2
exits 2 "invalid argument 'nan' for --watch" --watch=nan
exits 2 "invalid argument '1x' for --watch" --watch=1x
exits 2 "unexpected argument '2' (seconds are given as --watch=2 or -w2)" --watch 2
exits 2 "unknown command '2' (expected worst, why, explain, compare, reset, set, " 2
exits 2 "option --count requires --watch or monitor" --count 2
exits 2 "invalid argument '0' for --count" --watch --count 0
exits 2 "options --json and --csv cannot be used together" --json --csv
exits 2 "options --html and --trace cannot be used together" --html --trace
exits 2 "options --html and --watch cannot be used together" --html --watch
exits 1 "no stage is named 'nonsense'" windows nonsense
exits 1 "bad.limits:3: invalid limit '250' (expected 1ns to 3600s, with a unit: ns, us, ms or s); the limits of before stay" \
	budget bad.limits
exits 1 "absent.limits: No such file or directory" budget absent.limits
exits 2 "--vm and reset cannot be used together" --reset --vm 1
exits 2 "invalid argument 'self-cost' for set" --set self-cost
exits 2 "invalid argument 'self-cost=1' for set" --set self-cost=1
exits 2 "(expected culprits=off, culprits=on, measure=off, measure=on, self-cost=off or self-cost=on)" \
	--set self=on
exits 2 "invalid argument '0' for worst (expected a number of flights, from 1)" worst 0
exits 2 "unexpected argument '2'" worst 1 2
exits 2 "--vms and worst cannot be used together" worst --vms
exits 2 "why and reset cannot be used together" --reset why
exits 2 "explain requires WORD" explain
exits 2 "nothing is known of 'nonsense'" explain nonsense
exits 1 "no stage is named 'nonsense': see the page" why nonsense
exits 0 "" explain hard-irq
exits 0 "" worst --json
exits 0 "" -w0.1 --count 1 why
exits 2 "invalid argument 'nonsense=off' for set" \
	--set self-cost=on --set nonsense=off
exits 2 "--watch and set cannot be used together" --set self-cost=on --watch
exits 2 "--cost and set cannot be used together" --cost --set self-cost=on
exits 1 "no VM has the id or the pid 99" --vm 99
exits 1 "no stage is named 'nonsense'" --histogram nonsense
LW_FAKE=paths
exits 2 "say which: rx/stack, tx/stack, reader/stack" --histogram stack
exits 2 "say which: rx/backend_wake, tx/backend_wake" --histogram backend_wake
exits 2 "say which: tx/driver, local/driver" --histogram driver -w --count 1
exits 0 "" --histogram local/driver
exits 0 "" --histogram tap-dwell
exits 1 "no stage is named 'tx/tap-dwell'" --histogram tx/tap-dwell
exits 1 "no stage is named 'up/stack'" --histogram up/stack
exits 1 "no stage is named 'stack/'" --histogram stack/
LW_FAKE=absent
exits 1 "is not loaded: run 'insmod latwatch.ko' or 'modprobe latwatch'"
exits 1 "is not loaded" --reset
exits 0 "" --help
LW_FAKE=version
exits 1 "speaks version 2"
LW_FAKE=eperm
exits 1 "needs CAP_NET_ADMIN in the initial user namespace"
LW_FAKE=extack
exits 1 "watermark-get: Invalid argument: attribute is not to its liking"
LW_FAKE=older
exits 1 "setting-set: Operation not supported" --set self-cost=on
LW_FAKE=garbled
exits 1 "answer to stage-get is malformed"
LW_FAKE=no-socket
exits 1 "netlink socket"

# Saved reports need no module.
unset LW_FAKE
exits 1 "no-such-file: No such file or directory" --read no-such-file
exits 1 "golden: Is a directory" --read golden
exits 1 "run.sh: line 1 is not JSON of one report" --read run.sh
exits 1 "json-watch.json: line 2 is not JSON of one report" \
	--read golden/json-watch.json
exits 1 "compare-slower.json: is no report of --json" \
	--read golden/compare-slower.json
exits 1 "no VM has the id or the pid 99" --read golden/json-normal.json --vm 99
exits 1 "no stage is named 'x'" --read golden/json-normal.json --histogram x
exits 2 "say which: rx/stack" --read golden/json-paths.json --histogram stack
exits 0 "" --read golden/json-normal.json --watch
exits 0 "" --read golden/json-watch.json --watch
exits 0 "" --read golden/json-watch.json --html
exits 1 "line 2 is not JSON of one report" --read golden/json-watch.json --trace
exits 1 "no-such-file: No such file or directory" --read no-such-file --watch
exits 1 "run.sh: line 1 is not JSON of one report" --read run.sh --watch
exits 1 "no VM has the id or the pid 99" --read golden/json-watch.json --watch --vm 99
{ cat golden/json-watch.json; echo "{}"; } >"$out/mixed.json"
exits 1 "mixed.json: report 3: is no report of --json" --read "$out/mixed.json" --watch
{ cat golden/json-watch.json; printf '{ "sche'; } >"$out/cut.json"
exits 0 "" --read "$out/cut.json" --watch
exits 2 "invalid argument '80' for --screen (expected a size such as 80x24, from 20x5 to 1000x1000)" --screen=80
exits 2 "--read and reset cannot be used together" --read golden/json-normal.json --reset
exits 2 "--read and set cannot be used together" \
	--read golden/json-normal.json --set self-cost=on
exits 2 "compare requires two files or folders, A and B" --compare runs/before
exits 2 "compare requires two files or folders, A and B" --compare runs/before runs/again runs/after
exits 2 "--vm and compare cannot be used together" --compare --vm 1 runs/before runs/again
exits 2 "--watch and compare cannot be used together" --compare -w runs/before runs/again
exits 2 "--count and compare cannot be used together" --compare --count 2 runs/before runs/again
exits 2 "--vms and compare cannot be used together" --compare --vms a b
exits 2 "compare and reset cannot be used together" --reset --compare a b
exits 2 "compare and set cannot be used together" \
	--compare --set measure=off a b
exits 0 "" --compare --help
exits 1 "no-such-file: No such file or directory" --compare runs/before no-such-file
compared=$program
program=$built/without-gsl
exits 1 "compare needs GSL, which this latwatch-report was built without" \
	--compare runs/before runs/again
exits 0 "" --read golden/json-normal.json
program=$compared
exits 1 "no-such-file: No such file or directory" \
	--compare runs/before runs/after,no-such-file
exits 1 "runs/after/2.json are of one epoch" \
	--compare runs/before runs/after,runs/after/2.json
exits 1 "no file *.json in it" --compare runs/before "$built/san"
exits 1 "nothing could be judged" --compare golden/json-empty.json \
	golden/json-empty.json
cp golden/json-normal.json "$out/a,b"
exits 0 "" --compare "$out/a,b" golden/json-normal.json

# Changed under us once: it is read again, and nothing is said of it.
LW_FAKE=interrupted-once LW_FAKE_LOG=$out/log "$fake" >"$out/once"
diff -u "$golden/page-normal.txt" "$out/once" >"$out/once.diff" &&
	[ "$(grep -c '^4 ' "$out/log")" -eq 2 ]
ok $? "a dump that was interrupted is read again"

# A reset comes between two dumps, or a new maximum: they are read again.
for mishap in reset-once risen-once; do
	rm -f "$out/log"
	LW_FAKE=$mishap LW_FAKE_LOG=$out/log "$fake" >"$out/once"
	diff -u "$golden/page-normal.txt" "$out/once" >"$out/once.diff" &&
		[ "$(grep -c '^2 ' "$out/log")" -eq 2 ]
	ok $? "$mishap: all of a report is of one epoch"
done

rm -f "$out/log"
LW_FAKE=normal LW_FAKE_LOG=$out/log "$fake" --set self-cost=on \
	--set measure=on >"$out/set"
[ "$(grep -c '^9 ' "$out/log")" -eq 1 ]
ok $? "two settings are one request"

# Stopped for as long as a dozen reports take: they are not made up for.
rm -f "$out/log"
LW_FAKE=normal LW_FAKE_LOG=$out/log "$fake" --watch=0.2 --vms >/dev/null &
watch=$!
sleep 1
kill -STOP $watch
sleep 3
before=$(grep -c '^1 ' "$out/log")
kill -CONT $watch
sleep 0.5
kill $watch
[ $(($(grep -c '^1 ' "$out/log") - before)) -le 8 ]
ok $? "watch: what it missed is not made up for"

if [ -w /dev/full ]; then
	LW_FAKE=normal "$fake" >/dev/full 2>"$out/stderr"
	[ $? -eq 1 ] && grep -q "cannot write" "$out/stderr"
	ok $? "a full disk is a failure"
else
	skip "a full disk is a failure" "no /dev/full"
fi

program=$reporter
unset LW_FAKE
exits 2 "unrecognized option" --nonsense
if [ -d /sys/module/latwatch ]; then
	skip "installed: exits 1 without the module" "the module is loaded"
else
	exits 1 "is not loaded: run 'insmod latwatch.ko'"
fi

# Where make install puts things.
prefix=$out/root/usr/local
make -s -C .. install O="$(dirname "$reporter")" DESTDIR="$out/root" >"$out/install" 2>&1 &&
	[ -x "$prefix/sbin/latwatch-report" ] &&
	cmp -s "$page" "$prefix/share/man/man8/latwatch-report.8" &&
	bash -n "$prefix/share/bash-completion/completions/latwatch-report"
result=$?
sed 's/^/# /' "$out/install"
ok $result "make install: reporter, man page, completion"

if command -v python3 >/dev/null && command -v bash >/dev/null; then
	python3 check_completion.py "$fake" "$prefix" >"$out/completion" 2>&1
	status=$?
	sed 's/^/# /' "$out/completion"
	ok $status "completion in bash"
else
	skip "completion in bash" "no python3, or no bash"
fi

if command -v python3 >/dev/null; then
	python3 check_watch.py "$fake" saved/0.1.0.json >"$out/watch.err" 2>&1
	status=$?
	sed 's/^/# /' "$out/watch.err"
	ok $status "watch: on terminals of several kinds and sizes, until whatever ends it"
else
	skip "watch: on terminals of several kinds and sizes" "no python3"
fi

# The man page has the options that the table has, in its order and words.
"$built/man_parts" >"$out/man.want"
{
	sed -n '/^\.SH SYNOPSIS/,/^\.SH EXAMPLES/p' "$page" | sed '$d'
	sed -n '/^\.SH OPTIONS/,/^\.SH SCREEN/p' "$page" |
		awk '/^\.RS/ { depth++ } /^\.RE/ { depth-- }
		     /^\.S[HS]/ && !/SCREEN/ || title { print }
		     { title = /^\.TP/ && !depth }'
} | diff -u "$out/man.want" - >"$out/man.diff"
result=$?
sed 's/^/# /' "$out/man.diff"
ok $result "man page: synopsis and options are those of the table"

lint_man() {
	LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l "$page" >/dev/null
}

lint_mandoc() {
	mandoc -T lint -W warning "$page"
}

for program in man mandoc; do
	if ! command -v $program >/dev/null; then
		skip "man page: $program has nothing to say" "no $program"
		continue
	fi
	lint_$program >"$out/lint" 2>&1
	sed 's/^/# /' "$out/lint"
	[ ! -s "$out/lint" ]
	ok $? "man page: $program has nothing to say"
done

fuzz() { # NAME: with first inputs from $out/corpus/NAME
	if [ ! -x "$built/$1" ]; then
		skip "$1" "no clang"
		return
	fi
	"$built/$1" -runs="${FUZZ_RUNS:-20000}" -max_len=16384 -seed=1 \
		-timeout=20 -max_total_time="${FUZZ_SECONDS:-120}" -artifact_prefix="$out/" \
		"$out/corpus/$1" >"$out/$1.log" 2>&1
	status=$?
	[ $status -eq 0 ] || tail -n 40 "$out/$1.log" | sed 's/^/# /'
	ok $status "$1"
}

mkdir -p "$out/corpus/fuzz_decode" "$out/corpus/fuzz_saved" \
	"$out/corpus/fuzz_maxima"
"$built/seeds" "$out/corpus/fuzz_decode"
fuzz fuzz_decode
for file in runs/before/1.json runs/after/2.json saved/*.json \
	    golden/json-[!w]*.json; do
	cp "$file" "$out/corpus/fuzz_saved/$(echo "$file" | tr / -)"
done
{ cat runs/before/1.json; printf '\0'; cat runs/after/1.json; } \
	>"$out/corpus/fuzz_saved/two"
head -n 1 golden/json-watch.json >"$out/corpus/fuzz_saved/empty"
fuzz fuzz_saved
cp maxima/* "$out/corpus/fuzz_maxima"
fuzz fuzz_maxima

echo "1..$nr"
exit $bad
