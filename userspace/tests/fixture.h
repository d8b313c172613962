/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine with latwatch on it, made up: what the module would answer.
 */
#ifndef LW_TESTS_FIXTURE_H
#define LW_TESTS_FIXTURE_H

#include "tape.h"

#define FIXTURE_FAMILY 31

/* Numbers of the VMs; -1: any VM, the host too. */
#define FIXTURE_ALL (-1)

struct fixture;

const struct fixture *fixture_find(const char *name);
void fixture_info(const struct fixture *fixture, uint32_t epoch,
		  struct tape *tape);
void fixture_stages(const struct fixture *fixture, int vm, uint16_t flags,
		    struct tape *tape);
void fixture_watermarks(const struct fixture *fixture, int vm, uint16_t flags,
			struct tape *tape);
void fixture_rankings(const struct fixture *fixture, int vm, uint16_t flags,
		      struct tape *tape);
void fixture_vms(const struct fixture *fixture, uint16_t flags,
		 struct tape *tape);
void fixture_cpus(const struct fixture *fixture, uint16_t flags,
		  struct tape *tape);
void fixture_setting(const struct fixture *fixture, struct tape *tape);
void fixture_costs(const struct fixture *fixture, uint16_t flags,
		   struct tape *tape);
void fixture_budget(const struct fixture *fixture, struct tape *tape);
void fixture_windows(const struct fixture *fixture, uint16_t flags,
		     struct tape *tape);
/* vm 0: the host's.  Returns whether there is such a VM. */
bool fixture_ledger(const struct fixture *fixture, int vm, struct tape *tape);

#endif
