/* SPDX-License-Identifier: MIT */
/* The kernel that a driver meets, compiled with the tree's own headers. One file a subsystem, named as the kernel names it. */
#ifndef HP_H
#define HP_H
#include <linux/version.h>
#include <linux/acpi.h>
#include <linux/cpu.h>
#include <linux/cpu_pm.h>
#include <linux/cpuhotplug.h>
#include <linux/device.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/pci.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "host.h"

#define SINCE(major, minor) (LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0))
#define HERE __builtin_return_address(0)
/* A function of the kernel under a name that the headers declare otherwise, or only in some versions. */
#define NAMED(name) __asm__(#name)

enum { CPUS = 2 };

/* smp.c */
extern int hp_cpu;
/* On which CPU a call that may run on any does. */
extern int hp_process_cpu;
/* What runs: whether it may sleep, and with interrupts as they were before. */
enum context { PROCESS, ATOMIC, INTERRUPT };
void hp_enter(int cpu, enum context context);
void hp_leave(const void *at);
/* A moment at which another CPU, or an interrupt, can come between. */
void hp_point(const void *at, const char *before);
/* A call that may sleep is made. */
void hp_sleeps(const void *at, const char *what);

/* slab.c */
void *hp_alloc(size_t size);
void hp_free(const void *at);
char *hp_strdup(const char *text);

/* devres.c */
void hp_devres_add(struct device *device, void (*release)(void *), void *data);
void hp_devres_release(struct device *device, void (*release)(void *), void *data);
void hp_devres_release_all(struct device *device);

/* io.c */
void __iomem *hp_map(phys_addr_t start, size_t size);

/* locks.c */
void hp_locked(const void *lock, const char *kind, const void *at);
void hp_unlocked(const void *lock, const void *at);
int hp_locks_held(void);
bool hp_spinning(void);

/* device.c: what hardware answers. */
enum hp_bus { MMIO, CSR, CONFIG_SPACE, SYSREG, FIRMWARE };
u64 hp_device_read(enum hp_bus bus, unsigned long address, int width, const void *at);
void hp_device_write(enum hp_bus bus, unsigned long address, int width, u64 value, const void *at);

/* platform.c and its like: what a driver registers, and what fits it. */
struct hp_match { const char *name; const void *data; int kind, index; };
enum { MATCH_NONE, MATCH_OF, MATCH_ACPI, MATCH_PLATFORM, MATCH_PCI, MATCH_ANY };
extern struct hp_match hp_match;
int hp_probe(int number);
int hp_remove(void);

/* perf_event.c */
extern struct pmu *hp_pmu;

int hp_vscnprintf(char *buffer, size_t size, const char *format, va_list arguments);
#endif
