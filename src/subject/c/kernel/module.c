/* SPDX-License-Identifier: MIT */
/* Modules: parameters as they are by default; the driver is one, and what holds it is asked when it is to go (see commands.c). */
#include "hp.h"
#include <linux/moduleparam.h>

struct module hp_this_module;

#define OPS(name) const struct kernel_param_ops param_ops_##name;
OPS(byte) OPS(short) OPS(ushort) OPS(int) OPS(uint) OPS(long) OPS(ulong) OPS(ullong) OPS(charp) OPS(bool) OPS(bint) OPS(hexint)
bool static_key_initialized = true;
bool hp_module_get(struct module *module) NAMED(try_module_get);
bool hp_module_get(struct module *module) { return true; }
void hp_module_put(struct module *module) NAMED(module_put);
void hp_module_put(struct module *module) {}
void *hp_symbol_get(const char *name) NAMED(__symbol_get);
void *hp_symbol_get(const char *name) { return NULL; }
int hp_request_module(bool wait, const char *name, ...) NAMED(__request_module);
int hp_request_module(bool wait, const char *name, ...) { return -ENOENT; }
void *hp_mem_map NAMED(mem_map);
unsigned long hp_phys_ram_base NAMED(phys_ram_base);
