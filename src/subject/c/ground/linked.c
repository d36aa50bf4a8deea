/* SPDX-License-Identifier: MIT */
/*
 * In the place of objects.c where a long has 32 bits: code of the ABI x32, whose pointers and longs have 32 bits, is linked into the
 * process, all of it below 4 GiB. The names of that code begin with x32_, so that none is taken for one of the process.
 */
#include "process.h"
#include <dlfcn.h>
#include <string.h>
#include <sys/mman.h>

static const char PREFIX[] = "x32_";
static char *missing_start, *missing_end;

/* The driver's own come in the same object as the kernel's here: what the driver alone has is told by its address. */
void *symbol(const char *name)
{
	char prefixed[256];
	void *found;

	snprintf(prefixed, sizeof(prefixed), "%s%s", PREFIX, name);
	found = dlsym(NULL, prefixed);
	return found ? found : dlsym(NULL, name);
}

static int lies_between(const void *at, const char *start, const char *end)
{
	return (const char *)at >= (const char *)symbol(start) && (const char *)at < (const char *)symbol(end);
}

int host_is_driver(const void *at)
{
	return lies_between(at, "hp_driver_text_start", "hp_driver_text_end");
}

void *host_of_driver(const char *name)
{
	void *found = symbol(name);

	return host_is_driver(found) ? found : NULL;
}

static void add(const char *start, const char *end, enum host_owner owner)
{
	char *at = symbol(start);

	host_region(at, (char *)symbol(end) - at, owner);
}

void load(const char *kernel, const char *driver)
{
	(void)kernel, (void)driver;
	missing_start = symbol("hp_missing_start");
	missing_end = symbol("hp_missing_end");
	if (missing_start && missing_end > missing_start)
		mprotect(missing_start, missing_end - missing_start, PROT_NONE);
	add("hp_kernel_data_start", "hp_kernel_data_end", OF_KERNEL);
	add("hp_driver_data_start", "hp_driver_data_end", OF_DRIVER);
	add("hp_percpu_start", "hp_percpu_end", OF_DRIVER);
}

const char *missing_at(const void *address)
{
	Dl_info info;

	if (missing_start == NULL || (char *)address < missing_start || (char *)address >= missing_end)
		return NULL;
	return dladdr(address, &info) && info.dli_sname ? info.dli_sname + strlen(PREFIX) : "something";
}

host_ulong host_offset(const void *at)
{
	return host_is_driver(at) ? (host_ulong)(unsigned long)at : 0;
}

const char *place_of(const void *at, unsigned long *offset)
{
	*offset = host_offset(at);
	return *offset ? "" : NULL;
}
