# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# tools: the small programs of the lab, built.
#
# Takes the C files beside this one. Gives a folder in the cache to machine.sh
# and initramfs.sh, named after all that went into it.

tools_fill() {
	local name

	# guests have no libraries
	for name in udp-peer txtime; do
		$(arch_compiler) -O2 -Wall -Wextra -static -s -o $name "$LAB_DIR/$name.c" ||
			return
	done
	clang -O2 -g -Wall -Wextra -target bpf -I "/usr/include/$(gcc -print-multiarch)" \
		-c -o redirect.o "$LAB_DIR/redirect.bpf.c"
}

tools_dir() {
	local key

	key=$(cat "$LAB_DIR/"{udp-peer,txtime,redirect.bpf}.c "$LAB_DIR/tools.sh" | sha256sum)
	cache_make "$(arch_cache tools)/${key:0:16}" tools_fill
}
