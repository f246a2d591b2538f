/* cmd.c: which verb, and its common options */
#include "cmd/cmd.h"

#include <stdio.h>
#include <string.h>

int cmd_main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("mlbgpd 0.1.0");
		return EXIT_WELL;
	}
	fputs("usage: mlbgpd --version\n", stderr);
	return EXIT_USAGE;
}
