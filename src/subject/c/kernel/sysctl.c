/* SPDX-License-Identifier: MIT */
/* What an administrator sets, as it is by default, but for what lets users read counters (see userpage.c). */
#include "hp.h"
#include <linux/sysctl.h>

const int sysctl_vals[] = { 0, 1, 2, 3, 4, 100, 200, 1000, 3000, INT_MAX, 65535, -1 };
/* Nobody reads or writes these files. */
int hp_sysctl_file(void) NAMED(proc_dointvec_minmax);
int hp_sysctl_file(void) { return -EINVAL; }

static int *user_access;
static void keep_user_access(const struct ctl_table *entry)
{
	if (strcmp(entry->procname, "perf_user_access") == 0)
		user_access = entry->data;
}
void *hp_register_sysctl(const char *path, const struct ctl_table *table, size_t size) NAMED(register_sysctl_sz);
void *hp_register_sysctl(const char *path, const struct ctl_table *table, size_t size)
{
	for (size_t i = 0; i < size && table[i].procname; i++)
		keep_user_access(&table[i]);
	return NULL;
}
/* Until 6.5 an empty entry ends a table. */
#if !SINCE(6, 6)
void *hp_register_sysctl_ended(const char *path, const struct ctl_table *table) NAMED(register_sysctl);
void *hp_register_sysctl_ended(const char *path, const struct ctl_table *table) { return hp_register_sysctl(path, table, SIZE_MAX); }
#endif
static void allow_user_access(void)
{
	if (user_access)
		*user_access = 1;
}
