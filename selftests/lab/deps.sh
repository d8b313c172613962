# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# deps: the packages that must be installed.
#
# Takes lists like packages.txt. Installs what is missing, and nothing else.

# deps_missing LIST...
deps_missing() {
	local want have

	want=$(cat "$@" | grep -v -e '^#' -e '^$' | sort)
	# shellcheck disable=SC2016,SC2086
	have=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $want 2> /dev/null |
		awk '$1 == "ii" { print $2 }' | sort -u)
	comm -23 <(echo "$want") <(echo "$have")
}

# The release of Debian that this machine has, or nothing.
deps_release() {
	# shellcheck source=/dev/null
	(. /etc/os-release && echo "$VERSION_CODENAME") 2> /dev/null
}

# deps_install [LIST...]: packages.txt if none is named, and what this release of
# Debian and machines of the lab's architecture need besides.
deps_install() {
	local missing list

	if [ $# = 0 ]; then
		set -- "$LAB_DIR/packages.txt"
		for list in "$LAB_DIR"/packages-{"$(deps_release)","$LAB_ARCH"}.txt; do
			[ ! -e "$list" ] || set -- "$@" "$list"
		done
	fi
	command -v apt-get > /dev/null ||
		die "no apt-get here: install by other means what is listed in" "$@"
	missing=$(deps_missing "$@")
	[ -z "$missing" ] && return
	[ "$(id -u)" = 0 ] ||
		die "must be root to install:" "${missing//$'\n'/ }"
	note "installing" "${missing//$'\n'/ }"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086
	apt-get -q=2 install --no-install-recommends $missing >&2 || {
		apt-get -q=2 update >&2 &&
		apt-get -q=2 install --no-install-recommends $missing >&2
	} || die "apt-get could not install all of:" "${missing//$'\n'/ }"
}
