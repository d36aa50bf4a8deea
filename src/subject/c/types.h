/* SPDX-License-Identifier: MIT */
/* The kernel's types that a PMU driver touches, as far as it touches them. Shared by the shim and the harness. */
#ifndef HARTPROOF_TYPES_H
#define HARTPROOF_TYPES_H

enum { SHIM_MAX_EVENTS = 16, SHIM_MAX_HARTS = 8 };

#ifdef __KERNEL__
/* The kernel's own headers have all of these. */
#include <linux/perf_event.h>
#else
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8, __u8;
typedef uint16_t u16, __u16;
typedef uint32_t u32, __u32;
typedef unsigned long long u64, __u64;
typedef int8_t s8, __s8;
typedef int16_t s16, __s16;
typedef int32_t s32, __s32;
typedef long long s64, __s64;
typedef unsigned int gfp_t;

typedef struct { int counter; } atomic_t;
typedef struct { u64 value; } local64_t;
typedef struct { int owner; } spinlock_t, raw_spinlock_t, rwlock_t;

/* `owner` and `waiters` hold the number of an event plus one; 0 is nobody. No larger than the kernel's. */
struct mutex {
	unsigned char owner, waiters[SHIM_MAX_EVENTS];
};

struct list_head {
	struct list_head *next, *prev;
};

struct perf_event;
struct module;
struct attribute_group;
struct pt_regs { unsigned long epc; };
struct device_node { const char *name, *compatible; };
struct device_driver;
struct device { struct device *parent; struct device_node *of_node; struct device_driver *driver; void *driver_data; };
struct cpumask { unsigned long bits[1]; };
typedef struct cpumask cpumask_t;

/* As user space hands it over: one layout everywhere. */
struct perf_event_attr {
	u32 type;
	u32 size;
	u64 config;
	union { u64 sample_period, sample_freq; };
	u64 sample_type, read_format;
	u64 disabled : 1, inherit : 1, pinned : 1, exclusive : 1, exclude_user : 1, exclude_kernel : 1, exclude_hv : 1,
	    exclude_idle : 1, mmap : 1, comm : 1, freq : 1, inherit_stat : 1, enable_on_exec : 1, task : 1, watermark : 1,
	    precise_ip : 2, mmap_data : 1, sample_id_all : 1, exclude_host : 1, exclude_guest : 1;
	u32 wakeup_events, bp_type;
	u64 config1, config2;
	u64 branch_sample_type;
};

#ifdef SHIM_LAYOUT
/* That of the tree with whose headers the driver was compiled: see layout.c. */
#include SHIM_LAYOUT
#else
struct hw_perf_event {
	u64 config;
	u64 last_tag;
	unsigned long config_base, event_base;
	int event_base_rdpmc;
	int idx, last_cpu, flags;
	int state;
	local64_t prev_count;
	u64 sample_period;
	u64 last_period;
	local64_t period_left;
};

struct pmu {
	struct list_head entry;
	struct module *module;
	struct device *dev, *parent;
	const struct attribute_group **attr_groups;
	const char *name;
	int type, capabilities, task_ctx_nr;
	void (*pmu_enable)(struct pmu *pmu);
	void (*pmu_disable)(struct pmu *pmu);
	int (*event_init)(struct perf_event *event);
	void (*event_mapped)(struct perf_event *event, void *mm);
	void (*event_unmapped)(struct perf_event *event, void *mm);
	int (*add)(struct perf_event *event, int flags);
	void (*del)(struct perf_event *event, int flags);
	void (*start)(struct perf_event *event, int flags);
	void (*stop)(struct perf_event *event, int flags);
	void (*read)(struct perf_event *event);
	void (*start_txn)(struct pmu *pmu, unsigned int flags);
	int (*commit_txn)(struct pmu *pmu);
	void (*cancel_txn)(struct pmu *pmu);
	int (*event_idx)(struct perf_event *event);
	int (*filter_match)(struct perf_event *event);
};

struct perf_event {
	struct list_head sibling_list;
	struct perf_event *group_leader;
	struct pmu *pmu;
	int state;
	unsigned int attach_state;
	local64_t count;
	struct perf_event_attr attr;
	struct hw_perf_event hw;
	int oncpu, cpu;
	u64 id;
	void *pmu_private;
	struct perf_event *parent;
	void (*destroy)(struct perf_event *event);
};
#endif

struct perf_sample_data { u64 period; };

struct platform_device { const char *name; int id; struct device dev; };
struct of_device_id { char name[32], type[32], compatible[128]; const void *data; };
struct platform_device_id { char name[24]; unsigned long driver_data; };
struct device_driver {
	const char *name;
	struct module *owner;
	const struct of_device_id *of_match_table;
	bool suppress_bind_attrs;
};
struct platform_driver {
	int (*probe)(struct platform_device *device);
	/* It returns an int, or nothing since Linux 6.11. */
	void *remove, *remove_new;
	void (*shutdown)(struct platform_device *device);
	struct device_driver driver;
	const struct platform_device_id *id_table;
};

#endif

/* What the unit that includes the driver tells the harness; a field is NULL or 0 where the driver has no such thing. */
struct shim_subject {
	void **perf_irq;
	atomic_t *active_events;
	void (*destroy)(struct perf_event *event);
	/* What guards its reservation; NULL if its text does not say. */
	struct mutex *mutex;
	/* Finds the bookkeeping of a hart (NULL: not there yet); and where in it the fields lie (-1: it has none). */
	void *(*bookkeeping)(int hart);
	long n_events, events;
	/* Whether it looks at the siblings of an event: else the order in which they came is kept out of the state. */
	int siblings;
	int max_counters;
	/* Part of the per-CPU section, from which memory for each hart is given out; NULL if the driver asks for none. */
	char *percpu_reserve;
	unsigned long percpu_reserved;
	/* The initcalls and the per-CPU section, from the linker. */
	int (**initcalls)(void), (**initcalls_end)(void);
	char *percpu, *percpu_end;
};

#endif
