# SPDX-License-Identifier: GPL-2.0
# See "make help".

VERSION	:= $(shell cat VERSION)
RELEASE	:= $(shell uname -r)
LAB	:= selftests/lab/lab
# all tests on one, and on the others those that can differ there
KERNEL_TESTS := \
	6.12-rt \
	newest-rt:load,truth,books \
	6.1-rt:load,kvm,permission,netlink,truth,unload_traffic,books,host,backends,gates \
	6.12:load,truth,quiet,books \
	6.1:load,truth,books
KERNELS	:= $(foreach kernel,$(KERNEL_TESTS),$(firstword $(subst :, ,$(kernel))))
ARM64_KERNELS := \
	arm64/6.12-rt:load,kvm,permission,report,netlink,requests,readers,clock,signal,truth,unload_traffic,books,host,backends \
	arm64/6.12-rt@cortex-a72:load,truth,books,host,backends \
	arm64/6.1:load,truth,unload_traffic,books,host,backends \
	arm64/6.1-rt:load,kvm,permission,report,truth,books,host,backends,gates \
	arm64/6.12:load
DEBUG_KERNELS := 6.12-rt-debug 6.12-rt-kcsan

# ARCH is the kernel's word for an architecture; that of this machine without.
ifeq ($(ARCH),arm64)
export LAB_ARCH := arm64
LAB	:= LAB_ARCH=$(LAB_ARCH) $(LAB)
ifneq ($(shell uname -m),aarch64)
CROSS_COMPILE	?= aarch64-linux-gnu-
BUILD	:= build/arm64
SYSROOT	= $(shell $(LAB) root)
endif
endif
ifdef CROSS_COMPILE
export CROSS_COMPILE
endif
BUILD	?= build

# With KERNEL, one of the lab's, the module is built in build/KERNEL; without,
# here, for the running kernel or for KDIR.
ifdef KERNEL
MODDIR	:= $(BUILD)/$(KERNEL)
ifndef KDIR
KDIR	= $(shell $(LAB) kdir $(KERNEL))
MODULES	= $(LAB) make '$(KERNEL)'
endif
else
MODDIR	:= .
KDIR	?= /lib/modules/$(RELEASE)/build
endif

MODULES	?= $(MAKE) -C '$(KDIR)'

PREFIX	?= /usr/local

# What is checked: this machine's architecture; with ARCH the other, on processors
# with VHE and without. KERNEL and TESTS, with commas, choose.
CLEAN_ENV := env -u MAKEFLAGS -u MAKEOVERRIDES -u MFLAGS -u LAB_ARCH -u CROSS_COMPILE
ifeq ($(ARCH),arm64)
CHECKED	:= --machines $(or $(KERNEL:%=arm64/%$(TESTS:%=:%)),$(ARM64_KERNELS))
else
CHECKED	:= $(if $(TESTS),$(addsuffix :$(TESTS),$(or $(KERNEL),$(KERNELS))),$(or $(KERNEL),$(KERNEL_TESTS)))
endif

.PHONY: all modules userspace install modules_install clean help deps demo \
	lab table bench check check-host check-debug check-trixie spec FORCE

all: modules userspace

help:
	@echo 'On your own host:'
	@echo '  all (default)    latwatch.ko for the running kernel, and latwatch-report'
	@echo '  modules          the module alone; KDIR= for another kernel'
	@echo '  userspace        the reporter alone'
	@echo '  install          both; DESTDIR, PREFIX and INSTALL_MOD_PATH are honoured'
	@echo '  clean            remove what was built'
	@echo 'In emulated machines (as root, on Debian 12 or 13):'
	@echo '  demo             real packets into a real guest on PREEMPT_RT, stage by stage'
	@echo '  table            every path: idle, under load, with the load steered away;'
	@echo '                   KERNEL=, ROWS= and CONDITIONS= with commas'
	@echo '  bench            what it costs, beside what else there is; KERNELS=, PARTS='
	@echo '  check            every test there is'
	@echo '                   KERNEL= and TESTS= with commas; ARCH=arm64 for those'
	@echo '                   of arm64 that need a kernel, emulated'
	@echo '  check-host       those that need no other kernel'
	@echo '  check-debug      those that need a kernel, in two that watch themselves'
	@echo '  check-trixie     deps, check-host and demo on a fresh Debian 13, made for that'
	@echo '  lab              a shell in a machine; KERNEL= one of $(KERNELS)'
	@echo '                   $(DEBUG_KERNELS)'
	@echo '  deps             install what all of these need'
	@echo 'For developers:'
	@echo '  modules KERNEL=  the module for a kernel of the lab, in build/'
	@echo '  spec             the UAPI header from its specification'

modules: $(MODDIR)/Kbuild
	@test -e '$(KDIR)/Makefile' || { \
		echo "latwatch: no headers of kernel $(RELEASE) in $(KDIR): apt-get install linux-headers-$(RELEASE), or set KDIR" >&2; \
		exit 1; }
	+$(MODULES) M='$(abspath $(MODDIR))' modules

# a copy of the sources for each kernel: the kernel's build writes beside them
ifdef KERNEL
$(MODDIR)/Kbuild: FORCE
	@mkdir -p $(MODDIR)
	@cp -pru Kbuild VERSION kmod include $(MODDIR)
endif

userspace:
	$(MAKE) -C userspace $(if $(SYSROOT),O=$(BUILD) SYSROOT=$(SYSROOT))

install: modules_install
	$(MAKE) -C userspace install DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)'

modules_install: modules
	$(MAKE) -C '$(KDIR)' M='$(abspath $(MODDIR))' \
		INSTALL_MOD_PATH='$(INSTALL_MOD_PATH)$(DESTDIR)' modules_install

clean:
	rm -rf build
	find Kbuild kmod latwatch.* modules.order Module.symvers .*.cmd \
		.module-common.o .tmp_versions \
		'(' -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name 'modules.order' \
		-o -name Module.symvers -o -name .tmp_versions ')' \
		-exec rm -rf {} + 2> /dev/null || true
	$(MAKE) -C userspace clean
	$(MAKE) -C selftests/unit clean

deps:
	$(LAB) deps

demo: deps
	selftests/demo $(or $(KERNEL),6.12-rt)

lab: deps
	$(MAKE) modules KERNEL='$(or $(KERNEL),6.12-rt)'
	$(MAKE) userspace
	$(LAB) shell '$(or $(KERNEL),6.12-rt)'

table: deps
	selftests/table $(strip $(if $(ROWS),--rows $(ROWS)) \
		$(if $(CONDITIONS),--conditions $(CONDITIONS)) \
		$(if $(COUNT),--count $(COUNT)) $(or $(KERNEL),6.12-rt))

bench: deps
	selftests/bench/bench $(strip $(if $(PARTS),--parts $(PARTS)) \
		$(if $(TOOLS),--tools $(TOOLS)) \
		$(if $(REPEATS),--repeats $(REPEATS)) \
		$(if $(filter command,$(origin KERNELS)),$(KERNELS)))

# nothing of what this make is told may reach the builds of the tests
check: deps
	$(CLEAN_ENV) selftests/check $(CHECKED)

check-host: deps
	selftests/check

check-debug: deps
	selftests/check --machines $(or $(KERNEL),$(DEBUG_KERNELS))

check-trixie: deps
	selftests/release trixie

spec: deps
	selftests/spec --write
