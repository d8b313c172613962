# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# suite: packages of another release of Debian than this machine's.
#
# Takes a suite's name from kernel.sh in LAB_SUITE, and the archive's address from the
# machine's own apt configuration. Gives the text of a sources.list to arch.sh, whose
# apt has lists of its own for each suite, and a root with a compiler to those who
# build for a kernel that this machine's compiler is too old for. Nothing is installed
# here.

# What a suite is resolved with.
suite_and_below() {
	case $1 in
	*-backports)	echo "$1 ${1%-backports}" ;;
	*)		echo "$1 $1-updates $1-security" ;;
	esac
}

# suite_address [SECURITY]: of Debian's archive, or of its security updates.
suite_address() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' \
		'Created-By: Packages' | awk -v "label=Debian${1:+-Security}" '
		$2 == "Debian" && $3 == label { print $1; exit }'
}

# Does this machine's own apt have it?
suite_is_own() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(ORIGIN) $(CODENAME)' 'Created-By: Packages' |
		grep -q -x "Debian $1"
}

suite_sources() {
	local suite address keys=/usr/share/keyrings/debian-archive-keyring.gpg

	[ -r "$keys" ] || {
		note "$keys is missing: apt-get install debian-archive-keyring"
		return 1
	}
	for suite in $(suite_and_below "$1"); do
		case $suite in
		*-security)	address=$(suite_address security) ;;
		*)		address=$(suite_address) ;;
		esac
		[ -z "$address" ] || echo "deb [signed-by=$keys] $address $suite main"
	done | grep . || {
		note "apt here has no address of Debian's archive: apt-get update, or see sources.list(5)"
		return 1
	}
}

# Print the root of LAB_SUITE that has builder.txt, and the compiler for LAB_ARCH.
suite_root() {
	local key dir
	local -a lists=("$LAB_DIR/builder.txt")

	! arch_foreign || lists+=("$LAB_DIR/builder-$LAB_ARCH.txt")
	key=$(cat "${lists[@]}" "$LAB_DIR/arch.sh" | sha256sum)
	dir=$(LAB_ARCH=$LAB_NATIVE cache_make "builder-$LAB_SUITE-${key:0:16}" \
		arch_root_fill "${lists[@]}") || return
	echo "$dir/root"
}

# suite_run COMMAND...: in that root, with this folder, the cache and /proc, which
# objtool reads, where they are. Nothing of whoever called make reaches it.
suite_run() {
	local root

	root=$(suite_root) || return
	[ "$(id -u)" = 0 ] || die "must be root to build with another release's compiler"
	# shellcheck disable=SC2016
	unshare --mount --propagation private bash -c '
		root=$1 here=$2 cache=$3
		shift 3
		mkdir -p "$root$here" "$root$cache" "$root/proc" "$root/dev" "$root/tmp" &&
		mount --bind "$here" "$root$here" &&
		mount --bind "$cache" "$root$cache" &&
		mount --bind /proc "$root/proc" &&
		mount --bind /dev "$root/dev" || exit
		exec chroot "$root" /usr/bin/env -i PATH=/usr/bin:/usr/sbin HOME=/ LC_ALL=C \
			/bin/sh -c "cd \"\$1\" && shift && exec \"\$@\"" sh "$here" "$@"
	' bash "$root" "$PWD" "$LAB_CACHE" "$@"
}
