/* SPDX-License-Identifier: MIT */
/* Per-CPU data: each CPU's copy lies at one distance from the first one's, for what is static and what is allocated. */
#include "hp.h"

unsigned long __per_cpu_offset[NR_CPUS];
enum { POOL = 1 << 18 };
static char *pool;
static struct { unsigned long used; } pool_state;
static struct { unsigned short at, size; } freed[64];

/* The kernel's own data of each CPU that a driver reads, which is 0 on all: where its copy lies on one. Those of the driver are apart. */
DECLARE_PER_CPU(struct pt_regs *, __irq_regs);
enum { PAGE = 4096 };
static bool map_own(unsigned long distance, const char *start, const char *end)
{
	char *own = (char *)&__irq_regs;

	return (own >= start && own < end) || host_map_at((char *)((unsigned long)own & -PAGE) + distance, PAGE);
}

/* The copies of other CPUs: at the same distance for the pool and for the driver's own static data. */
void hp_percpu_boot(char *start, char *end)
{
	pool = host_memory(POOL);
	pool_state.used = 64;
	for (unsigned long distance = 1UL << 30;; distance += 1UL << 28) {
		int cpu;

		for (cpu = 1; cpu < CPUS; cpu++)
			if ((end > start && !host_map_at(start + cpu * distance, end - start)) || !host_map_at(pool + cpu * distance, POOL) || !map_own(cpu * distance, start, end))
				break;
		if (cpu < CPUS)
			continue;
		for (cpu = 1; cpu < CPUS; cpu++) {
			__per_cpu_offset[cpu] = cpu * distance;
			for (long i = 0; i < end - start; i++)
				start[i + cpu * distance] = start[i];
			if (end > start)
				host_region(start + cpu * distance, end - start, OF_DRIVER);
			host_growing_region(pool + cpu * distance, POOL, &pool_state.used, OF_DRIVER);
		}
		break;
	}
	host_growing_region(pool, POOL, &pool_state.used, OF_DRIVER);
}

static void __percpu *allocate(size_t size)
{
	void *at;

	size = (size + 63) & ~63UL;
	for (int i = 0; i < 64; i++)
		if (freed[i].size * 64UL == size && size) {
			at = &pool[freed[i].at * 64UL];
			freed[i].size = 0;
			return at;
		}
	if (pool_state.used + size > POOL)
		return NULL;
	at = &pool[pool_state.used];
	pool_state.used += size;
	return at;
}

static void __percpu *percpu_allocate(size_t size, const void *from);
void __percpu *hp_pcpu_alloc(size_t size, size_t align, bool reserved, gfp_t gfp) NAMED(pcpu_alloc_noprof);
void __percpu *hp_pcpu_alloc(size_t size, size_t align, bool reserved, gfp_t gfp)
{
	if (gfp & __GFP_DIRECT_RECLAIM)
		hp_sleeps(HERE, "alloc_percpu");
	return percpu_allocate(size, HERE);
}
static void __percpu *percpu_allocate(size_t size, const void *from)
{
	void *at = hp_fails("alloc_percpu", from) ? NULL : allocate(size);

	if (at)
		hp_hold("per-CPU memory", at, from);
	for (int cpu = 0; at && cpu < CPUS; cpu++)
		memset(at + __per_cpu_offset[cpu], 0, size);
	return at;
}
void __percpu *hp_alloc_percpu(size_t size, size_t align) NAMED(__alloc_percpu);
void __percpu *hp_alloc_percpu(size_t size, size_t align) { hp_sleeps(HERE, "alloc_percpu"); return percpu_allocate(size, HERE); }
void __percpu *hp_alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp) NAMED(__alloc_percpu_gfp);
void __percpu *hp_alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp) { return percpu_allocate(size, HERE); }

static void free_devm_percpu(void *data) { free_percpu(data); }
/* Its size is not kept: what is freed is not used again. */
void free_percpu(void __percpu *at) { hp_let_go("per-CPU memory", at); }
void __percpu *hp_devm_alloc_percpu(struct device *device, size_t size, size_t align) NAMED(__devm_alloc_percpu);
void __percpu *hp_devm_alloc_percpu(struct device *device, size_t size, size_t align)
{
	void *at = percpu_allocate(size, HERE);

	if (at)
		hp_devres_add(device, free_devm_percpu, at);
	return at;
}
