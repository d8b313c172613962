# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# cache: where the lab keeps what it fetched and built, and how a thing gets
# there whole or not at all.
#
# Takes LATWATCH_CACHE and XDG_CACHE_HOME from the environment. Gives a folder
# to kernel.sh, source.sh and initramfs.sh. A thing is made in a folder with a
# temporary name, under a lock of its own, and renamed into place last; so what
# has its final name is complete, whoever was killed on the way.

LAB_CACHE=${LATWATCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/latwatch}

die() {
	echo "lab: $*" >&2
	exit 125
}

usage_error() {
	echo "lab: $*" >&2
	exit 2
}

note() {
	echo "lab: $*" >&2
}

# cache_make NAME FUNCTION [ARG...]: print the path of NAME. If it is missing,
# FUNCTION ARG... fills an empty folder (its working directory), which then
# becomes NAME, if the function's status is 0: it has to return that of each step,
# as bash ignores set -e in what || follows.
cache_make() {
	local name=$1 path=$LAB_CACHE/$1 tmp
	shift

	if [ ! -d "$path" ]; then
		mkdir -p "${path%/*}" "$LAB_CACHE/lock" ||
			die "cannot write to the cache $LAB_CACHE"
		(
			flock 9 || exit 1
			[ -d "$path" ] && exit 0
			rm -rf "$path".tmp.*
			tmp=$path.tmp.$$
			mkdir "$tmp" || exit 1
			trap 'rm -rf "$tmp"' EXIT
			(cd "$tmp" && "$@") >&2 9>&- || exit 1
			mv -T "$tmp" "$path"
		) 9> "$LAB_CACHE/lock/${name//\//,}" ||
			die "could not make $name in $LAB_CACHE"
	fi
	echo "$path"
}
