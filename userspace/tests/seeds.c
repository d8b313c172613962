// SPDX-License-Identifier: GPL-2.0
/*
 * The fixtures' messages as first inputs of the fuzzer: seeds FOLDER.
 */
#include <stdio.h>

#include "fixture.h"

static void give(struct tape *tape, size_t from, uint16_t type)
{
	while (from < tape->len) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)(tape->data + from);

		nlh->nlmsg_type = type;
		from += MNL_ALIGN(nlh->nlmsg_len);
	}
}

int main(int argc, char **argv)
{
	static const char *const names[] = {
		"normal", "empty", "missing", "two-vms", "non-rt", "forgotten",
		"paths", "paths-blind", "paths-forgotten",
	};
	static struct tape tape;
	char path[4096];
	size_t i;

	if (argc != 2)
		return 2;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct fixture *fixture = fixture_find(names[i]);
		FILE *file;
		size_t at;

		tape.len = 0;
		fixture_info(fixture, 2, &tape);
		give(&tape, 0, 0);
		at = tape.len;
		fixture_stages(fixture, FIXTURE_ALL, 0, &tape);
		give(&tape, at, 1);
		at = tape.len;
		fixture_watermarks(fixture, FIXTURE_ALL, 0, &tape);
		give(&tape, at, 2);
		at = tape.len;
		fixture_vms(fixture, 0, &tape);
		give(&tape, at, 3);
		at = tape.len;
		fixture_cpus(fixture, 0, &tape);
		give(&tape, at, 4);
		at = tape.len;
		fixture_ledger(fixture, 1, &tape);
		give(&tape, at, 5);
		at = tape.len;
		fixture_costs(fixture, 0, &tape);
		give(&tape, at, 6);
		at = tape.len;
		fixture_setting(fixture, &tape);
		give(&tape, at, 7);
		at = tape.len;
		tape_error(&tape, -22, "the reason");
		give(&tape, at, 8);
		at = tape.len;
		fixture_rankings(fixture, FIXTURE_ALL, 0, &tape);
		give(&tape, at, 9);
		snprintf(path, sizeof(path), "%s/%s", argv[1], names[i]);
		file = fopen(path, "w");
		if (!file || fwrite(tape.data, 1, tape.len, file) != tape.len ||
		    fclose(file)) {
			perror(path);
			return 1;
		}
	}
	return 0;
}
