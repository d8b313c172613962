# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# source: those parts of the kernel's sources that checks and tests borrow.
#
# Takes the archive of the package linux-source-6.12. Gives a folder with
# checkpatch, kernel-doc, kselftest's headers and makefiles, ynl with its
# generator, and the UAPI headers.

LAB_SOURCE_ARCHIVE=/usr/src/linux-source-6.12.tar.xz

source_fill() {
	tar -x --xz -f "$LAB_SOURCE_ARCHIVE" --strip-components=1 \
		--wildcards --no-wildcards-match-slash \
		'*/MAINTAINERS' \
		'*/.clang-format' \
		'*/scripts/checkpatch.pl' \
		'*/scripts/spelling.txt' \
		'*/scripts/const_structs.checkpatch' \
		'*/scripts/kernel-doc' \
		'*/scripts/subarch.include' \
		'*/Documentation/netlink' \
		'*/Documentation/dev-tools/checkpatch.rst' \
		'*/include/uapi' \
		'*/tools/build' \
		'*/tools/scripts' \
		'*/tools/include' \
		'*/tools/net/ynl' \
		'*/tools/testing/selftests/lib.mk' \
		'*/tools/testing/selftests/Makefile' \
		'*/tools/testing/selftests/kselftest.h' \
		'*/tools/testing/selftests/kselftest_harness.h' \
		'*/tools/testing/selftests/kselftest_module.h' \
		'*/tools/testing/selftests/kselftest_deps.sh' \
		'*/tools/testing/selftests/kselftest_install.sh' \
		'*/tools/testing/selftests/kselftest' \
		'*/tools/testing/selftests/run_kselftest.sh' \
		'*/tools/testing/selftests/gen_kselftest_tar.sh' \
		'*/tools/testing/selftests/livepatch' \
		'*/tools/testing/selftests/net/lib.sh'
}

source_dir() {
	[ -r "$LAB_SOURCE_ARCHIVE" ] ||
		die "$LAB_SOURCE_ARCHIVE is missing: lab deps installs it"
	cache_make source-6.12 source_fill
}
