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
page-watch.txt		normal		--watch=0.1 --count 2
json-normal.json	normal		--json
json-empty.json		empty		--json
json-missing.json	missing		--json
json-two-vms.json	two-vms		--json
json-paths.json		paths		--json
json-places.json	places		--json
json-watch.json		empty		--json --watch=0.1 --count 2
csv-normal.csv		normal		--csv
csv-empty.csv		empty		--csv
csv-missing.csv		missing		--csv
csv-two-vms.csv		two-vms		--csv
csv-paths.csv		paths		--csv
csv-places.csv		places		--csv
csv-watch.csv		empty		--csv --watch=0.1 --count 2
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

write_golden() {
	render "$1" "$2" "$3" "$golden"
}

if [ "$mode" = --golden ]; then
	mkdir -p "$golden"
	[ -z "$(each_golden write_golden)" ]
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

# The comparison above must be able to fail.
sed '$s/[0-9]/x/' "$golden/page-normal.txt" >"$out/changed"
diff -q "$out/changed" "$out/page-normal.txt" >/dev/null
[ $? -eq 1 ]
ok $? "a changed golden file is noticed"

result=0
for file in "$out"/page-*.txt "$out"/cpus*.txt "$out"/vms.txt \
	    "$out"/*.csv "$out"/ledger*.txt "$out"/histogram*.txt; do
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
else
	skip "comparisons are of their schema" "no python3-jsonschema"
fi

# What was saved is read back as it was.
for set in normal empty missing two-vms paths places; do
	"$fake" --read golden/json-$set.json --json >"$out/again.json" &&
		diff -u golden/json-$set.json "$out/again.json" >"$out/again.diff"
	result=$?
	head -n 20 "$out/again.diff" | sed 's/^/# /'
	ok $result "$set: saved, read and saved again is the same"
done
for set in normal empty missing paths places; do
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
exits 2 "unexpected argument '2'" 2
exits 2 "option --count requires --watch" --count 2
exits 2 "invalid argument '0' for --count" --watch --count 0
exits 2 "options --json and --csv cannot be used together" --json --csv
exits 2 "options --vm and --reset cannot be used together" --reset --vm 1
exits 2 "invalid argument 'self-cost' for --set" --set self-cost
exits 2 "invalid argument 'self-cost=1' for --set" --set self-cost=1
exits 2 "(expected culprits=off, culprits=on, measure=off, measure=on, self-cost=off or self-cost=on)" \
	--set self=on
exits 2 "invalid argument '0' for 'worst' (expected a number of flights, from 1)" worst 0
exits 2 "unexpected argument '2' after 'worst'" worst 1 2
exits 2 "'worst' and --vms cannot be used together" worst --vms
exits 2 "'why' and --reset cannot be used together" --reset why
exits 2 "'explain' requires the name of a stage, or a kind of culprit" explain
exits 2 "nothing is known of 'nonsense'" explain nonsense
exits 1 "no stage is named 'nonsense': see the page" why nonsense
exits 0 "" explain hard-irq
exits 0 "" worst --json
exits 0 "" -w0.1 --count 1 why
exits 2 "invalid argument 'nonsense=off' for --set" \
	--set self-cost=on --set nonsense=off
exits 2 "options --watch and --set cannot be used together" --set self-cost=on --watch
exits 2 "options --cost and --set cannot be used together" --cost --set self-cost=on
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
exits 2 "options --read and --watch cannot be used together" --read golden/json-normal.json --watch
exits 2 "options --read and --reset cannot be used together" --read golden/json-normal.json --reset
exits 2 "options --read and --set cannot be used together" \
	--read golden/json-normal.json --set self-cost=on
exits 2 "option --compare requires two files or folders, A and B" --compare runs/before
exits 2 "option --compare requires two files or folders, A and B" --compare runs/before runs/again runs/after
exits 2 "options --vm and --compare cannot be used together" --compare --vm 1 runs/before runs/again
exits 2 "options --watch and --compare cannot be used together" --compare -w runs/before runs/again
exits 2 "options --count and --compare cannot be used together" --compare --count 2 runs/before runs/again
exits 2 "options --vms and --compare cannot be used together" --compare --vms a b
exits 2 "options --compare and --reset cannot be used together" --reset --compare a b
exits 2 "options --compare and --set cannot be used together" \
	--compare --set measure=off a b
exits 0 "" --compare --help
exits 1 "no-such-file: No such file or directory" --compare runs/before no-such-file
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

# Keys, on a terminal of script(1): r resets, v chooses a VM, q quits.
if command -v script >/dev/null; then
	export LW_FAKE=two-vms LW_FAKE_LOG="$out/keys"
	for key in r v q; do
		sleep 0.7
		printf %s "$key"
	done | TERM=vt100 timeout 20 script -qec \
		"stty cols 200 rows 60; $fake --watch=30" /dev/null \
		>"$out/screen" 2>&1
	status=$?
	unset LW_FAKE LW_FAKE_LOG
	[ $status -eq 0 ]
	ok $? "watch: q quits with status 0"
	grep -q '^7 ' "$out/keys"
	ok $? "watch: r resets"
	grep -q '^2 1$' "$out/keys"
	ok $? "watch: v chooses a VM"
	grep -q 'q quit' "$out/screen" && grep -q 'end to end' "$out/screen"
	ok $? "watch: draws the page and its keys"
else
	skip "watch: keys" "no script(1)"
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
	python3 check_terminal.py "$fake" >"$out/terminal.err" 2>&1
	status=$?
	sed 's/^/# /' "$out/terminal.err"
	ok $status "watch: whatever ends it gives the terminal back"
else
	skip "watch: whatever ends it gives the terminal back" "no python3"
fi

# The man page has the options that the table has, in its order and words.
"$built/man_parts" >"$out/man.want"
{
	sed -n '/^\.SH SYNOPSIS/,/^\.SH EXAMPLES/p' "$page" | sed '$d'
	sed -n '/^\.SH OPTIONS/,/^\.SH KEYS/p' "$page" |
		awk '/^\.RS/ { depth++ } /^\.RE/ { depth-- }
		     /^\.S[HS]/ && !/KEYS/ || title { print }
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

mkdir -p "$out/corpus/fuzz_decode" "$out/corpus/fuzz_saved"
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

echo "1..$nr"
exit $bad
