# SPDX-License-Identifier: GPL-2.0
#
# Host tests.  Everything that they run is built with sanitizers, apart from
# what is installed.

t := $(O)/tests
sanitize := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
	    -fsanitize=address,undefined
# tests/bounds.c has the module's own table of stages
lw_tests_cflags := $(lw_cflags) -I$(src)/tests -I$(src)/../kmod -I$(src)/../include
# of what is computed with GSL too
ifneq ($(filter check fuzz golden,$(MAKECMDGOALS)),)
ifneq ($(GSL),yes)
$(error the tests need gsl: install the Debian package libgsl-dev)
endif
endif
have_clang := $(shell command -v $(CLANG) 2>/dev/null)

# All but main() and the socket's other end.
core := $(filter-out main clocksource,$(objects))
test_programs := test_command test_decode test_model test_saved test_compare test_watch \
		 test_gev test_bound \
		 man_parts seeds
wide_fuzzers := fuzz_decode fuzz_saved
fuzzers := $(wide_fuzzers) fuzz_maxima
machine := tests/fixture tests/fixture_stages tests/fixture_flights tests/tape \
	   tests/bounds
test_targets := $(test_programs:%=$(t)/%) $(t)/latwatch-report $(t)/without-gsl

$(t)/san/%.o: $(src)/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(lw_tests_cflags) $(sanitize) -MMD -MP -c -o $@ $<

# The reporter itself, with a made-up machine behind it.
$(t)/latwatch-report: $(patsubst %,$(t)/san/%.o,$(filter-out clocksource,$(objects)) \
		      tests/fake_kernel $(machine))
	$(CC) $(sanitize) -o $@ $^ $(lw_libs)

# As it is where there is no GSL: what still asks for it does not link.
$(t)/without-gsl: $(patsubst %,$(O)/%.o,$(filter-out $(gsl_objects),$(objects)) \
		  without_gsl)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ $(lib_libs) -lm

$(test_programs:%=$(t)/%): $(t)/%: $(t)/san/tests/%.o \
		$(patsubst %,$(t)/san/%.o,$(core) $(machine) tests/fake_kernel)
	$(CC) $(sanitize) -o $@ $^ $(lw_libs)

define fuzzer
@mkdir -p $(@D)
$(CLANG) $(lw_tests_cflags) -O1 -g -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all -o $@ $(filter %.c,$^) $(lw_libs)
endef

$(wide_fuzzers:%=$(t)/%): $(t)/%: $(src)/tests/%.c $(core:%=$(src)/%.c) \
		  $(src)/tests/fake_kernel.c $(machine:%=$(src)/%.c) \
		  $(wildcard $(src)/*.h $(src)/tests/*.h $(src)/extreme/*.h) \
		  $(wildcard $(src)/../kmod/model/stage.h)
	$(fuzzer)

$(t)/fuzz_maxima: $(src)/tests/fuzz_maxima.c $(patsubst %,$(src)/extreme/%.c,maxima \
		  gev level) $(src)/json_read.c $(src)/text_file.c \
		  $(wildcard $(src)/*.h $(src)/extreme/*.h)
	$(fuzzer)

fuzz: $(fuzzers:%=$(t)/%)

check: all $(test_targets) $(if $(have_clang),$(fuzzers:%=$(t)/%))
	$(src)/tests/run.sh $(O)/latwatch-report $(t)

# After a change that is meant, and before reading the difference.
golden: $(t)/latwatch-report $(t)/test_bound
	$(src)/tests/run.sh --golden $(t)

clean-tests:
	rm -f $(test_targets) $(fuzzers:%=$(t)/%)
	rm -rf $(t)/san $(t)/out

-include $(wildcard $(t)/san/*.d $(t)/san/*/*.d)

.PHONY: golden
