/* SPDX-License-Identifier: MIT */
/*
 * As much of a kernel as the posted driver and a KUnit suite need, in our own words: one thread, two harts whose counters are
 * unrelated and go on by themselves. What the harts and KUnit do is in kernel.c.
 */
#ifndef TEST_KERNEL_H
#define TEST_KERNEL_H

#include <errno.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/perf_event.h>

typedef uint32_t u32;
typedef unsigned long long u64;
typedef struct { int counter; } atomic_t;
typedef struct { u64 value; } local64_t;
struct mutex { int taken; };
struct list_head { struct list_head *next, *prev; };
struct hlist_node { struct hlist_node *next, **pprev; };
struct task_struct { int pid; };

#define CONFIG_RISCV 1
#define CONFIG_64BIT 1
#define CONFIG_RISCV_BASE_PMU 1
#define GFP_KERNEL 0
#define __init
#define __read_mostly
#define __weak __attribute__((weak))
#define __maybe_unused __attribute__((unused))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define ATOMIC_INIT(value) { (value) }
#define pr_warn(...) ((void)0)
#define WARN_ON_ONCE(condition) (condition)

static inline void INIT_LIST_HEAD(struct list_head *head) { head->next = head->prev = head; }
static inline void INIT_HLIST_NODE(struct hlist_node *node) { node->pprev = NULL; }

#define DEFINE_MUTEX(name) struct mutex name
#define mutex_init(mutex) ((mutex)->taken = 0)
#define mutex_lock(mutex) ((mutex)->taken = 1)
#define mutex_unlock(mutex) ((mutex)->taken = 0)

#define atomic_read(v) ((v)->counter)
#define atomic_set(v, to) ((void)((v)->counter = (to)))
#define atomic_inc_return(v) (++(v)->counter)
#define atomic_dec_return(v) (--(v)->counter)
#define atomic_inc(v) ((void)++(v)->counter)
#define atomic_dec(v) ((void)--(v)->counter)
#define atomic_inc_not_zero(v) ((v)->counter ? ++(v)->counter : 0)
#define atomic_dec_and_test(v) (--(v)->counter == 0)
#define local64_read(l) ((l)->value)
#define local64_set(l, to) ((void)((l)->value = (to)))
#define local64_add(n, l) ((void)((l)->value += (n)))
#define local64_cmpxchg(l, old, new) kernel_cmpxchg(l, old, new)
static inline u64 kernel_cmpxchg(local64_t *word, u64 old, u64 new)
{
	u64 found = word->value;

	if (found == old)
		word->value = new;
	return found;
}

#define HARTS 2
extern int kernel_hart;
/* What is defined is hart 0's; the others' lie in a copy of the section. */
#define DEFINE_PER_CPU(type, name) __attribute__((section("percpu"))) __typeof__(type) name
#define per_cpu_ptr(pointer, cpu) ((__typeof__(pointer))kernel_percpu(pointer, cpu))
#define per_cpu(name, cpu) (*per_cpu_ptr(&(name), cpu))
#define this_cpu_ptr(pointer) per_cpu_ptr(pointer, kernel_hart)
void *kernel_percpu(void *pointer, int hart);
#define smp_processor_id() kernel_hart
#define num_online_cpus() HARTS
#define for_each_online_cpu(cpu) for ((cpu) = 0; (cpu) < HARTS; (cpu)++)
#define smp_call_function_single(cpu, function, argument, wait) kernel_call(cpu, function, argument)
void kernel_call(int hart, void (*function)(void *), void *argument);

#define csr_read(name) kernel_counter(#name)
u64 kernel_counter(const char *name);
void udelay(unsigned int microseconds);
extern struct task_struct *current;

/* perf_event.h: what user space has is the real one. */
#define PERF_EF_START 1
#define PERF_EF_RELOAD 2
#define PERF_EF_UPDATE 4
#define PERF_HES_STOPPED 1
#define PERF_HES_UPTODATE 2
#define PERF_ATTACH_TASK 4
enum { PERF_EVENT_STATE_INACTIVE, PERF_EVENT_STATE_ACTIVE };
struct hw_perf_event {
	u64 config, sample_period, last_period;
	local64_t prev_count, period_left;
	int idx, state;
	struct task_struct *target;
};
struct perf_event {
	struct list_head event_entry, sibling_list, active_list, child_list, active_entry;
	struct hlist_node hlist_entry;
	struct perf_event *group_leader;
	struct mutex child_mutex;
	struct perf_event_attr attr;
	struct hw_perf_event hw;
	struct pmu *pmu;
	local64_t count;
	int cpu, oncpu, state, attach_state;
	void (*destroy)(struct perf_event *event);
};
struct pmu {
	const char *name;
	void (*pmu_enable)(struct pmu *pmu);
	void (*pmu_disable)(struct pmu *pmu);
	int (*event_init)(struct perf_event *event);
	int (*add)(struct perf_event *event, int flags);
	void (*del)(struct perf_event *event, int flags);
	void (*start)(struct perf_event *event, int flags);
	void (*stop)(struct perf_event *event, int flags);
	void (*read)(struct perf_event *event);
};
#define is_sampling_event(event) ((event)->attr.sample_period != 0)
#define event_has_any_exclude_flag(event) ((event)->attr.exclude_kernel || (event)->attr.exclude_idle)
#define perf_event_update_userpage(event) ((void)(event))
#define perf_pmu_register(pmu, name, type) ((void)(pmu), 0)
/* A driver that looks at the group of an event, as many do. */
#define for_each_sibling_event(sibling, event) \
	for ((sibling) = kernel_sibling((event)->sibling_list.next); &(sibling)->sibling_list != &(event)->sibling_list; \
	     (sibling) = kernel_sibling((sibling)->sibling_list.next))
#define kernel_sibling(list) ((struct perf_event *)((char *)(list) - offsetof(struct perf_event, sibling_list)))
#define arch_initcall(function) static void __attribute__((constructor)) function##_call(void) { function(); }

/* kunit/test.h */
struct kunit { void *priv; };
struct kunit_case { void (*run)(struct kunit *test); const char *name; };
struct kunit_suite {
	const char *name;
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};
#define KUNIT_CASE(function) { .run = function, .name = #function }
#define kunit_kzalloc(test, size, flags) ((void)(test), calloc(1, size))
#define KUNIT_ASSERT_TRUE(test, condition) KUNIT_ASSERT_TRUE_MSG(test, condition, "%s", #condition)
#define KUNIT_ASSERT_TRUE_MSG(test, condition, ...) ((void)(test), (condition) ? (void)0 : kunit_stop(KUNIT_FAILED, __VA_ARGS__))
#define kunit_skip(test, ...) ((void)(test), kunit_stop(KUNIT_SKIPPED, __VA_ARGS__))
#define kunit_test_suite(suite) static void __attribute__((constructor)) suite##_add(void) { kunit_add(&(suite)); }
enum { KUNIT_FAILED = 1, KUNIT_SKIPPED };
void kunit_stop(int how, const char *format, ...) __attribute__((noreturn, format(printf, 2, 3)));
void kunit_add(const struct kunit_suite *suite);

#endif
