/* SPDX-License-Identifier: MIT */
/*
 * Looks at the object before it is loaded. A kernel runs a driver's initcalls, and nothing of it before: such code would run
 * before it is confined. And a driver calls the kernel, not the C library.
 */
#include "confine.h"
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a driver may call that is not its own: the shim, the compiler's instrumentation, and what a kernel has too. */
static int is_known(const char *name)
{
	static const char *const prefixes[] = { "shim_", "__tsan_", "__ubsan_", "__sanitizer_" };
	static const char *const names[] = {
		"memcpy", "memmove", "memset", "memcmp", "memchr", "strlen", "strnlen", "strcmp", "strncmp", "strcpy", "strncpy", "strcat",
		"strncat", "strchr", "strrchr", "strstr", "strspn", "strcspn", "strpbrk", "strcasecmp", "strncasecmp", "snprintf", "vsnprintf",
		"sprintf", "vsprintf", "sscanf", "__isoc99_sscanf", "__isoc23_sscanf", "__stack_chk_fail", "abs", "labs", "llabs",
	};

	for (unsigned i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return 1;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return 1;
	return 0;
}

/* The names that an object needs and that are not known; NULL if there are none. `names` ends with a zero. */
static const char *unknown_names(const ElfW(Sym) *symbols, size_t count, const char *names, size_t size)
{
	static char text[512] = "it uses what neither it nor the shim has: ";
	size_t length = strlen(text);
	int found = 0;

	for (size_t i = 1; i < count; i++) {
		const char *name = symbols[i].st_name < size ? names + symbols[i].st_name : "";

		if (symbols[i].st_shndx != SHN_UNDEF || *name == 0 || is_known(name))
			continue;
		if (strcmp(name, "__tls_get_addr") == 0)
			return "it has data of its own for each thread, which no kernel has";
		if (length < sizeof(text) - 80)
			length += snprintf(text + length, sizeof(text) - length, "%s%.64s", found ? ", " : "", name);
		found = 1;
	}
	return found ? text : NULL;
}

/* The bytes of a section, or NULL if they are not in the file. */
static const void *within(const char *file, size_t size, const ElfW(Shdr) *section)
{
	return section->sh_offset <= size && section->sh_size <= size - section->sh_offset ? file + section->sh_offset : NULL;
}

/* Whether a name is of the compiler's instrumentation, whose functions are the harness's. */
static int is_instrumentation(const char *name)
{
	return strncmp(name, "__tsan_", 7) == 0 || strncmp(name, "__ubsan_", 8) == 0 || strncmp(name, "__sanitizer_", 12) == 0;
}

/* `names` ends with a zero, if there are any. */
static const char *look_at_symbols(const ElfW(Sym) *symbols, size_t count, const char *names, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		if ((symbols[i].st_info & 15) == STT_GNU_IFUNC)
			return "it has a function that is chosen when it is loaded (ifunc), which no kernel has";
		/* It would be told of undefined behaviour and of memory that is touched in our place. */
		if (symbols[i].st_shndx != SHN_UNDEF && names && symbols[i].st_name < size && is_instrumentation(names + symbols[i].st_name))
			return "it has a function of the compiler's instrumentation, which is ours";
	}
	return NULL;
}

static const char *look(const char *file, size_t size, int names, int units)
{
	const ElfW(Ehdr) *header = (const void *)file;
	const ElfW(Shdr) *sections = (const void *)(file + header->e_shoff);
	const char *why = NULL;

	if (size < sizeof(*header) || header->e_shoff > size || header->e_shnum > (size - header->e_shoff) / sizeof(*sections))
		return "its object is damaged";
	for (int i = 0; i < header->e_shnum && why == NULL; i++) {
		const ElfW(Shdr) *section = &sections[i], *strings = &sections[section->sh_link < header->e_shnum ? section->sh_link : 0];
		const void *at = within(file, size, section);

		switch (section->sh_type) {
		case SHT_INIT_ARRAY:
			/* The one entry that the compiler's instrumentation has in every unit calls __tsan_init, which is ours. */
			if (section->sh_size <= units * sizeof(void *))
				break;
			/* fall through */
		case SHT_PREINIT_ARRAY:
		case SHT_FINI_ARRAY:
			why = "it has a constructor or a destructor, which no kernel runs";
			break;
		case SHT_SYMTAB:
			if (at)
				why = look_at_symbols(at, section->sh_size / sizeof(ElfW(Sym)), within(file, size, strings), strings->sh_size);
			break;
		case SHT_DYNSYM:
			if (at == NULL || within(file, size, strings) == NULL || strings->sh_size == 0)
				why = "its object is damaged";
			else if ((why = look_at_symbols(at, section->sh_size / sizeof(ElfW(Sym)), NULL, 0)) == NULL)
				why = !names ? NULL : unknown_names(at, section->sh_size / sizeof(ElfW(Sym)), within(file, size, strings), strings->sh_size);
			break;
		case SHT_DYNAMIC:
			for (const ElfW(Dyn) *entry = at; entry && entry < (const ElfW(Dyn) *)at + section->sh_size / sizeof(*entry); entry++)
				if (entry->d_tag == DT_INIT || entry->d_tag == DT_FINI)
					why = "it has code that runs when it is loaded";
		}
	}
	return why;
}

const char *not_for_loading(const char *path, int names, int units)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	const char *why = "its object cannot be read";
	struct stat status;

	if (descriptor >= 0 && fstat(descriptor, &status) == 0 && status.st_size > 0) {
		void *file = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);

		if (file != MAP_FAILED) {
			why = look(file, status.st_size, names, units);
			munmap(file, status.st_size);
		}
	}
	if (descriptor >= 0)
		close(descriptor);
	return why;
}
