# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# build: kernels that watch themselves, which Debian has not: built from its
# sources into the cache.
#
# Takes a kernel's short name, the archive of source.sh and config/. Gives its
# folder to kernel.sh, of the same shape as one from a package. A configuration
# is config/base with config/KIND on top, and nothing else.
#
#	debug	locks, contexts, memory, and allocations that can be made to fail
#	kcsan	data races
#
# KCSAN looks at one access in some thousands, so what it instruments decides what
# it finds. Of this kernel it is nothing but lib/llist.c, which writes lists on
# latwatch's behalf; latwatch itself, with all that it takes from headers, is. So
# each look is at latwatch, a hundred times as many as there would be, and each
# report is about it. What the kernel writes under its eyes is found all the same,
# by the changed value ("race at unknown origin"), if without the writer's stack. Its
# model of weak memory has to know what RT's locks order; their barriers are
# instrumented, too.

# A machine with it has by default so much memory, so many CPUs (a race takes two),
# so many seconds of a processor to boot (lab run --boot), and more on its command
# line.
#
#	name		kind	memory	CPUs	boot	command line
BUILD_KERNELS='
	6.12-rt-debug	debug	3G	1	600	kasan_multi_shot
	6.12-rt-kcsan	kcsan	2G	2	300	kcsan.skip_watch=200
'

# sources that no configuration here has use for; their Kconfig files are needed
BUILD_UNUSED="drivers/gpu drivers/media drivers/staging drivers/infiniband
	drivers/scsi drivers/usb drivers/iio drivers/net/wireless sound tools/testing"

build_names() {
	awk 'NF { print $1 }' <<< "$BUILD_KERNELS" | paste -sd ' '
}

# build_field NAME NUMBER: nothing if it is none of these.
build_field() {
	awk -F '\t+' -v name="$1" -v n="$2" \
		'$2 == name { print $(n + 1) }' <<< "$BUILD_KERNELS"
}

build_known() {
	[ -n "$(build_field "$1" 1)" ]
}

# build_make ARGUMENT...: nothing of whoever called make may reach the kernel's.
build_make() {
	env -i PATH="$PATH" HOME="$HOME" nice -n 5 make -s -C src "O=$PWD/obj" \
		"-j$(nproc)" "$@"
}

build_unpack() {
	local unused
	local -a exclude=()

	for unused in $BUILD_UNUSED; do
		exclude+=("--exclude=*/$unused/*.[chS]")
	done
	mkdir src &&
	tar -x --xz -C src --strip-components=1 "${exclude[@]}" -f "$LAB_SOURCE_ARCHIVE"
}

build_configure() {
	local missing

	mkdir obj &&
	cat "$LAB_DIR/config/base" "$LAB_DIR/config/$1" > obj/wanted &&
	build_make KCONFIG_ALLCONFIG=wanted allnoconfig || return
	missing=$(grep ^CONFIG_ obj/wanted | grep -v -x -F -f obj/.config) || return 0
	note "these sources do not take:" "$missing"
	return 1
}

# What a package would have in it.
build_install() {
	local release headers

	release=$(< obj/include/config/kernel.release)
	headers=$PWD/usr/src/linux-headers-$release
	build_make INSTALL_MOD_PATH="$PWD" INSTALL_MOD_STRIP=1 modules_install &&
	rm -f "lib/modules/$release"/{build,source} &&
	build_make run-command \
		KBUILD_RUN_COMMAND="\$(srctree)/scripts/package/install-extmod-build $headers" &&
	mkdir boot &&
	cp obj/System.map "boot/System.map-$release" &&
	cp obj/.config "boot/config-$release" &&
	objcopy -S obj/vmlinux vmlinux &&
	echo "$release" > release
}

build_fill() {
	local kind begin=$SECONDS
	local -a only=()

	kind=$(build_field "$1" 2)
	[ "$kind" != kcsan ] || only=(KCSAN_SANITIZE=n KCSAN_SANITIZE_llist.o=y
		KCSAN_INSTRUMENT_BARRIERS_{spinlock_rt,rtmutex_api}.o=y)
	note "building $1; this takes some minutes"
	build_unpack &&
	build_configure "$kind" &&
	build_make "${only[@]}" vmlinux modules &&
	build_install &&
	rm -rf src obj || return
	note "built $1 in $((SECONDS - begin)) s"
}

# What decides how kernel NAME comes out: its configuration, the functions that
# build it, what they build it from and with.
build_key() {
	cat "$LAB_DIR/config/base" "$LAB_DIR/config/$(build_field "$1" 2)" &&
	declare -f build_{make,unpack,configure,install,fill} &&
	echo "$BUILD_UNUSED" &&
	stat -c '%s %Y' "$LAB_SOURCE_ARCHIVE" &&
	gcc -dumpfullversion
}

# Print the folder of kernel NAME, built if need be.
build_dir() {
	local key

	[ -r "$LAB_SOURCE_ARCHIVE" ] ||
		die "$LAB_SOURCE_ARCHIVE is missing: lab deps installs it"
	key=$(build_key "$1" | sha256sum)
	cache_make "kernel/$1-${key:0:16}" build_fill "$1"
}
