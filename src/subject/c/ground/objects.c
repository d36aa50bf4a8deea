/* SPDX-License-Identifier: MIT */
/* The kernel's object and the driver's: where their writable data lies, and what the driver asks for that nobody has. */
#include "process.h"
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>

static void *kernel, *driver;
static char *driver_base;
static char *missing_start, *missing_end;

static void add_writable(const char *of, enum host_owner owner)
{
	struct link_map *map;
	const ElfW(Ehdr) *elf;
	const ElfW(Phdr) *header;
	size_t relro = 0, relro_from = 0;

	dlinfo(dlopen(of, RTLD_NOW | RTLD_NOLOAD), RTLD_DI_LINKMAP, &map);
	elf = (const void *)map->l_addr;
	header = (const void *)(map->l_addr + elf->e_phoff);
	if (owner == OF_DRIVER)
		driver_base = (char *)map->l_addr;
	for (int i = 0; i < elf->e_phnum; i++)
		if (header[i].p_type == PT_GNU_RELRO) {
			relro_from = header[i].p_vaddr;
			relro = (header[i].p_vaddr + header[i].p_memsz + 4095) & ~4095UL;
		}
	for (int i = 0; i < elf->e_phnum; i++) {
		size_t from = header[i].p_vaddr, to = from + header[i].p_memsz;
		char *start;

		if (header[i].p_type != PT_LOAD || !(header[i].p_flags & PF_W))
			continue;
		if (relro && relro_from >= from && relro_from < to)
			from = relro;
		from = (from + 7) & ~7UL;
		if (from >= to)
			continue;
		start = (char *)map->l_addr + from;
		to = map->l_addr + to;
		/* What nobody has is no memory. */
		if (missing_start && missing_start >= start && missing_end <= (char *)to) {
			if (missing_start > start)
				host_region(start, (missing_start - start) & ~7UL, owner);
			start = missing_end;
		}
		if (start < (char *)to)
			host_region(start, ((char *)to - start) & ~7UL, owner);
	}
}

void *symbol(const char *name)
{
	void *found = dlsym(driver, name);

	return found ? found : dlsym(kernel, name);
}

void *host_of_driver(const char *name)
{
	void *found = dlsym(driver, name);

	return host_is_driver(found) ? found : NULL;
}

void load(const char *kernel_path, const char *driver_path)
{
	kernel = dlopen(kernel_path, RTLD_NOW | RTLD_GLOBAL);
	driver = kernel ? dlopen(driver_path, RTLD_NOW | RTLD_GLOBAL) : NULL;
	if (driver == NULL) {
		printf("? %s\n", dlerror());
		exit(71);
	}
	missing_start = dlsym(driver, "hp_missing_start");
	missing_end = dlsym(driver, "hp_missing_end");
	if (missing_start && missing_end > missing_start)
		mprotect(missing_start, missing_end - missing_start, PROT_NONE);
	add_writable(kernel_path, OF_KERNEL);
	add_writable(driver_path, OF_DRIVER);
}

/* The name of what the driver asked for at an address that nobody has, or NULL. */
const char *missing_at(const void *address)
{
	Dl_info info;

	if (missing_start == NULL || (char *)address < missing_start || (char *)address >= missing_end)
		return NULL;
	return dladdr(address, &info) && info.dli_sname ? info.dli_sname : "something";
}

int host_is_driver(const void *at)
{
	Dl_info info;

	return dladdr(at, &info) && (char *)info.dli_fbase == driver_base;
}

unsigned long host_offset(const void *at)
{
	unsigned long offset;

	place_of(at, &offset);
	return offset;
}

/* The function in the driver that an address lies in (NULL: not in it), and its offset in the object. */
const char *place_of(const void *at, unsigned long *offset)
{
	Dl_info info;

	*offset = 0;
	if (at == NULL || dladdr(at, &info) == 0 || (char *)info.dli_fbase != driver_base)
		return NULL;
	*offset = (const char *)at - driver_base;
	return info.dli_sname ? info.dli_sname : "";
}
