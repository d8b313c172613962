# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# functions: all that a test may call inside the outer machine.
#
# Takes the job. Sourced by inside.sh and, as "$LAB_FUNCTIONS", by tests.

# shellcheck source=/dev/null
. /run/lab/out/job
. "$LAB_DIR/arch/$LAB_ARCH.sh"
. "$LAB_DIR/net.sh"
. "$LAB_DIR/switch.sh"
. "$LAB_DIR/guest.sh"
