/* SPDX-License-Identifier: MIT */
/*
 * The kernel as a PMU driver of the RISC-V family sees it: every <linux/…> and <asm/…> header of the driver that neither
 * its own tree nor --shim provides is this one. Facts about an interface, in our own words.
 */
#ifndef HARTPROOF_KERNEL_H
#define HARTPROOF_KERNEL_H

#include "shim.h"

/* types.h: in the kernel these are one type each. */
#define uint64_t u64
#define int64_t s64
#define uint32_t u32
#define int32_t s32
#define uint16_t u16
#define uint8_t u8
#define ssize_t long
typedef long long loff_t;
typedef s64 ktime_t;
typedef unsigned short umode_t;
typedef u64 phys_addr_t, resource_size_t, dma_addr_t;
typedef unsigned int uint;
typedef unsigned long ulong;

/* compiler.h, init.h, export.h, kernel.h */
#define __read_mostly
#define __init
#define __initdata
#define __exit
#define __initconst
#define __exitdata
#define __ro_after_init
#define __refdata
#define __ref
#define __cold
#define __must_check
#define __force
#define __rcu
#define __used __attribute__((used))
#define __packed __attribute__((packed))
#define __aligned(n) __attribute__((aligned(n)))
#define __cacheline_aligned
#define ____cacheline_aligned
#define ____cacheline_aligned_in_smp
#define __printf(format, from) __attribute__((format(printf, format, from)))
#define __user
#define __iomem
#define __percpu
#define __maybe_unused __attribute__((unused))
#define __always_unused __attribute__((unused))
#define __weak __attribute__((weak))
#define noinline __attribute__((noinline))
#define __always_inline inline
/* The kernel has none, and one thread runs the driver here: an ordinary variable is the same, and part of the state. */
#define __thread
#define _Thread_local
#define fallthrough __attribute__((fallthrough))
#define asmlinkage
#define EXPORT_SYMBOL(symbol)
#define EXPORT_SYMBOL_GPL(symbol)
#define MODULE_LICENSE(text)
#define MODULE_AUTHOR(text)
#define MODULE_DESCRIPTION(text)
#define MODULE_ALIAS(text)
#define MODULE_VERSION(text)
#define MODULE_DEVICE_TABLE(type, name)
#define MODULE_PARM_DESC(name, text)
#define module_param(name, type, mode)
#define module_param_named(name, variable, type, mode)
#define THIS_MODULE ((struct module *)0)
#define KBUILD_MODNAME "driver"
#define try_module_get(module) ((void)(module), true)
#define module_put(module) ((void)(module))
#define likely(x) (x)
#define unlikely(x) (x)
#define barrier() __asm__ __volatile__("" ::: "memory")
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define container_of_const(ptr, type, member) container_of(ptr, type, member)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define clamp(x, low, high) min(max(x, low), high)
#define clamp_t(type, x, low, high) clamp((type)(x), (type)(low), (type)(high))
#define clamp_val(x, low, high) clamp_t(__typeof__(x), x, low, high)
#define swap(a, b)                                                                                                    \
	do {                                                                                                          \
		__typeof__(a) shim_swapped = (a);                                                                     \
		(a) = (b);                                                                                            \
		(b) = shim_swapped;                                                                                   \
	} while (0)
#define abs(x) __builtin_llabs(x)
#define round_up(x, to) ((((x) - 1) | ((__typeof__(x))(to) - 1)) + 1)
#define round_down(x, to) ((x) & ~((__typeof__(x))(to) - 1))
#define DIV_ROUND_UP(n, by) (((n) + (by) - 1) / (by))
#define ALIGN(x, to) round_up(x, to)
#define do_div(n, by)                                                                                                 \
	({                                                                                                            \
		u32 shim_rest = (n) % (u32)(by);                                                                      \
		(n) /= (u32)(by);                                                                                     \
		shim_rest;                                                                                            \
	})
#define div64_u64(n, by) ((u64)(n) / (by))
#define div_u64(n, by) ((u64)(n) / (u32)(by))
#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define lower_32_bits(n) ((u32)(n))
#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define struct_size(pointer, member, count) (sizeof(*(pointer)) + sizeof((pointer)->member[0]) * (count))
#define array_size(a, b) ((a) * (b))
#define snprintf __builtin_snprintf
#define sprintf __builtin_sprintf
#define scnprintf __builtin_snprintf
#define sysfs_emit(to, ...) __builtin_sprintf(to, __VA_ARGS__)
#define static_assert(condition, ...) _Static_assert(condition, #condition)
#define BUILD_BUG() ((void)0)
#define BUILD_BUG_ON_ZERO(condition) (0)
#define __stringify_1(...) #__VA_ARGS__
#define __stringify(...) __stringify_1(__VA_ARGS__)
/* IS_ENABLED(CONFIG_X): a macro that is 1 puts an argument more before the 1. */
#define shim_comma_1 0,
#define shim_second(first, second, ...) second
#define shim_is_one(value) shim_is_one_(shim_comma_##value)
#define shim_is_one_(comma) shim_second(comma 1, 0)
#define IS_ENABLED(option) shim_is_one(option)
#define IS_BUILTIN(option) IS_ENABLED(option)
#define IS_REACHABLE(option) IS_ENABLED(option)
#define IS_MODULE(option) 0
#define U8_MAX 0xff
#define U16_MAX 0xffff
#define U32_MAX (~0U)
#define S32_MAX INT_MAX
#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)
#define U64_MAX (~0ULL)
#define S64_MAX LLONG_MAX

/* errno.h, err.h */
#define ENOENT 2
#define EIO 5
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EBUSY 16
#define ENODEV 19
#define EINVAL 22
#define ENOSPC 28
#define ENXIO 6
#define EPERM 1
#define E2BIG 7
#define EEXIST 17
#define ERANGE 34
#define EDOM 33
#define ENOSYS 38
#define ETIME 62
#define EOVERFLOW 75
#define ETIMEDOUT 110
#define EPROBE_DEFER 517
#define ENOTSUPP 524
#define EOPNOTSUPP 95
#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-4095)
#define IS_ERR_OR_NULL(ptr) ((ptr) == NULL || IS_ERR(ptr))
#define ERR_CAST(ptr) ((void *)(ptr))
#define IS_ERR(ptr) ((unsigned long)(ptr) >= (unsigned long)-4095)
#define PTR_ERR(ptr) ((long)(ptr))
#define ERR_PTR(error) ((void *)(long)(error))

/* bug.h, printk.h */
/* Reported each time, also the ONCE: the state of a system should not depend on what its log has seen. */
#define shim_warn_on(condition, text)                                                                                 \
	({                                                                                                            \
		int shim_fires = !!(condition);                                                                       \
		if (shim_fires)                                                                                       \
			shim_warn(__func__, text);                                                                    \
		shim_fires;                                                                                           \
	})
#define WARN_ON(condition) shim_warn_on(condition, #condition)
#define WARN_ON_ONCE(condition) shim_warn_on(condition, #condition)
#define WARN(condition, ...) shim_warn_on(condition, #condition)
#define WARN_ONCE(condition, ...) shim_warn_on(condition, #condition)
#define BUG_ON(condition) ((void)((condition) && (__builtin_trap(), 0)))
#define BUG() __builtin_trap()
#define pr_warn(...) shim_pr_warn()
#define pr_warn_once(...) shim_pr_warn()
#define pr_warning(...) shim_pr_warn()
#define pr_warn_ratelimited(...) shim_pr_warn()
/* What is only printed is looked at by the compiler, as the kernel has it, and by nobody else. */
#define shim_printed(...) ((void)sizeof(shim_print(__VA_ARGS__)))
int shim_print();
#define pr_emerg(...) shim_printed(__VA_ARGS__)
#define pr_alert(...) shim_printed(__VA_ARGS__)
#define pr_crit(...) shim_printed(__VA_ARGS__)
#define pr_err(...) shim_printed(__VA_ARGS__)
#define pr_err_once(...) shim_printed(__VA_ARGS__)
#define pr_err_ratelimited(...) shim_printed(__VA_ARGS__)
#define pr_info(...) shim_printed(__VA_ARGS__)
#define pr_info_once(...) shim_printed(__VA_ARGS__)
#define pr_notice(...) shim_printed(__VA_ARGS__)
#define pr_debug(...) shim_printed(__VA_ARGS__)
#define pr_devel(...) shim_printed(__VA_ARGS__)
#define pr_cont(...) shim_printed(__VA_ARGS__)
#define dev_err(...) shim_printed(__VA_ARGS__)
#define dev_warn(...) shim_printed(__VA_ARGS__)
#define dev_info(...) shim_printed(__VA_ARGS__)
#define dev_notice(...) shim_printed(__VA_ARGS__)
#define dev_dbg(...) shim_printed(__VA_ARGS__)
#define dev_err_probe(device, error, ...) (shim_printed(device, __VA_ARGS__), (error))
#define printk(...) shim_printed(__VA_ARGS__)
#define printk_once(...) shim_printed(__VA_ARGS__)
#define KERN_EMERG ""
#define KERN_ALERT ""
#define KERN_CRIT ""
#define KERN_ERR ""
#define KERN_WARNING ""
#define KERN_NOTICE ""
#define KERN_INFO ""
#define KERN_DEBUG ""
#define KERN_CONT ""

#include "shim/binding.h"
#include "shim/percpu.h"
#include "shim/atomic.h"
/* local64.h: a local64_t of an event is seen by the harness, by its address */
#define LOCAL64_INIT(value) { (value) }
#define local64_read(l) shim_local64_read(l)
#define local64_set(l, value) shim_local64_set(l, value)
#define local64_add(value, l) ((void)shim_local64_add(value, l))
#define local64_sub(value, l) ((void)shim_local64_add(-(u64)(value), l))
#define local64_add_return(value, l) shim_local64_add(value, l)
#define local64_sub_return(value, l) shim_local64_add(-(u64)(value), l)
#define local64_inc(l) ((void)shim_local64_add(1, l))
#define local64_cmpxchg(l, expected, value) ({ u64 shim_expected = (expected); shim_local64_exchange(l, &shim_expected, value); })
#define local64_xchg(l, value) shim_local64_exchange(l, NULL, value)

/* slab.h: all that is allocated is part of the state */
#define GFP_KERNEL 0x1u
#define GFP_ATOMIC 0x2u
#define GFP_NOWAIT 0x4u
#define __GFP_ZERO 0x100u
static inline void *kmalloc(size_t size, gfp_t flags) { return shim_alloc(size, (flags & __GFP_ZERO) != 0); }
static inline void *kzalloc(size_t size, gfp_t flags) { return kmalloc(size, flags | __GFP_ZERO); }
static inline void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return __builtin_mul_overflow(n, size, &size) ? NULL : kmalloc(size, flags);
}
static inline void *kcalloc(size_t n, size_t size, gfp_t flags) { return kmalloc_array(n, size, flags | __GFP_ZERO); }
static inline void kfree(const void *address) { shim_free(address); }
#define kvmalloc kmalloc
#define kvzalloc kzalloc
#define kvcalloc kcalloc
#define kvfree kfree
#define vzalloc(size) kzalloc(size, GFP_KERNEL)
#define vfree kfree
#define devm_kmalloc(device, size, flags) ((void)(device), kmalloc(size, flags))
#define devm_kzalloc(device, size, flags) ((void)(device), kzalloc(size, flags))
#define devm_kcalloc(device, n, size, flags) ((void)(device), kcalloc(n, size, flags))
#define devm_kfree(device, address) ((void)(device), kfree(address))

#include "shim/locks.h"
#include "shim/bits.h"
#include "shim/list.h"
#include "shim/csr.h"

/* interrupt.h */
enum irqreturn { IRQ_NONE, IRQ_HANDLED, IRQ_WAKE_THREAD };
typedef enum irqreturn irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *data);
#define IRQ_RETVAL(handled) ((handled) ? IRQ_HANDLED : IRQ_NONE)
#define IRQF_TRIGGER_NONE 0
#define IRQF_NO_SUSPEND 0x4000
#define IRQF_NO_THREAD 0x10000
#define IRQF_PERCPU 0x400
#define IRQF_NOBALANCING 0x800
#define IRQF_SHARED 0x80
#define request_irq(irq, handler, flags, name, data) ((void)(handler), (void)(name), (void)(data), shim_request_irq(irq, ((flags) & IRQF_SHARED) != 0))
#define free_irq(irq, data) ((void)(data), shim_free_irq(irq))
#define devm_request_irq(device, irq, handler, flags, name, data) ((void)(device), request_irq(irq, handler, flags, name, data))
#define request_percpu_irq(irq, handler, name, data) request_irq(irq, handler, 0, name, data)
#define free_percpu_irq(irq, data) free_irq(irq, data)
#define enable_percpu_irq(irq, type) ((void)(irq), (void)(type))
#define disable_percpu_irq(irq) ((void)(irq))
#define enable_irq(irq) ((void)(irq))
#define disable_irq(irq) ((void)(irq))
#define irq_set_affinity(irq, mask) ((void)(irq), (void)(mask), 0)
#define irq_set_affinity_hint(irq, mask) irq_set_affinity(irq, mask)
#define get_irq_regs() ((struct pt_regs *)NULL)
#define irq_enter() ((void)0)
#define irq_exit() ((void)0)
#define irq_work_run() ((void)0)
struct irq_work { void (*func)(struct irq_work *work); };
#define init_irq_work(work, function) ((void)((work)->func = (function)))
#define irq_work_queue(work) ((work)->func(work), true)
#define irq_work_sync(work) ((void)(work))

/* perf_event.h */
enum { PERF_TYPE_HARDWARE, PERF_TYPE_SOFTWARE, PERF_TYPE_TRACEPOINT, PERF_TYPE_HW_CACHE, PERF_TYPE_RAW, PERF_TYPE_BREAKPOINT, PERF_TYPE_MAX };
enum {
	PERF_COUNT_HW_CPU_CYCLES, PERF_COUNT_HW_INSTRUCTIONS, PERF_COUNT_HW_CACHE_REFERENCES, PERF_COUNT_HW_CACHE_MISSES,
	PERF_COUNT_HW_BRANCH_INSTRUCTIONS, PERF_COUNT_HW_BRANCH_MISSES, PERF_COUNT_HW_BUS_CYCLES,
	PERF_COUNT_HW_STALLED_CYCLES_FRONTEND, PERF_COUNT_HW_STALLED_CYCLES_BACKEND, PERF_COUNT_HW_REF_CPU_CYCLES,
	PERF_COUNT_HW_MAX,
};
enum {
	PERF_COUNT_HW_CACHE_L1D, PERF_COUNT_HW_CACHE_L1I, PERF_COUNT_HW_CACHE_LL, PERF_COUNT_HW_CACHE_DTLB,
	PERF_COUNT_HW_CACHE_ITLB, PERF_COUNT_HW_CACHE_BPU, PERF_COUNT_HW_CACHE_NODE, PERF_COUNT_HW_CACHE_MAX,
};
enum { PERF_COUNT_HW_CACHE_OP_READ, PERF_COUNT_HW_CACHE_OP_WRITE, PERF_COUNT_HW_CACHE_OP_PREFETCH, PERF_COUNT_HW_CACHE_OP_MAX };
enum { PERF_COUNT_HW_CACHE_RESULT_ACCESS, PERF_COUNT_HW_CACHE_RESULT_MISS, PERF_COUNT_HW_CACHE_RESULT_MAX };
#define PERF_EF_START 1
#define PERF_EF_RELOAD 2
#define PERF_EF_UPDATE 4
#define PERF_HES_STOPPED 1
#define PERF_HES_UPTODATE 2
#define PERF_ATTACH_TASK 4
#define PERF_PMU_CAP_NO_INTERRUPT 1
#define PERF_PMU_CAP_NO_NMI 2
#define PERF_PMU_CAP_AUX_NO_SG 4
#define PERF_PMU_CAP_EXTENDED_REGS 8
#define PERF_PMU_CAP_EXCLUSIVE 16
#define PERF_PMU_CAP_ITRACE 32
#define PERF_PMU_CAP_NO_EXCLUDE 64
#define PERF_PMU_TXN_ADD 1
#define PERF_PMU_TXN_READ 2
#define PERF_HES_ARCH 4
enum { perf_invalid_context = -1, perf_hw_context = 0, perf_sw_context };
#define PERF_EVENT_STATE_ACTIVE 1
#define PERF_EVENT_STATE_INACTIVE 0
#define PERF_EVENT_STATE_OFF (-1)
static inline bool is_sampling_event(struct perf_event *event) { return event->attr.sample_period != 0; }
#define has_branch_stack(event) ((event)->attr.branch_sample_type != 0)
static inline bool event_has_any_exclude_flag(struct perf_event *event)
{
	struct perf_event_attr *attr = &event->attr;
	return attr->exclude_idle || attr->exclude_user || attr->exclude_kernel || attr->exclude_hv ||
	       attr->exclude_guest || attr->exclude_host;
}
#define is_software_event(event) ((event)->attr.type == PERF_TYPE_SOFTWARE)
#define for_each_sibling_event(sibling, event) list_for_each_entry(sibling, &(event)->sibling_list, sibling_list)
#define perf_event_update_userpage(event) shim_update_userpage(event)
#define perf_pmu_register(pmu, name, type) shim_register_pmu(pmu)
#define perf_pmu_unregister(pmu) ((void)(pmu))
#define perf_pmu_disable(pmu) ((void)(pmu))
#define perf_pmu_enable(pmu) ((void)(pmu))
#define perf_sample_data_init(data, address, period_) ((data)->period = (period_))
#define perf_event_overflow(event, data, regs) ((void)(event), (void)(data), (void)(regs), 0)
#define in_software_context(event) is_software_event(event)
#define perf_event_itrace_started(event) ((void)(event))
#define perf_pmu_migrate_context(pmu, from, to) ((void)(pmu), (void)(from), (void)(to))
#define PMU_FORMAT_ATTR(name, format) static const char shim_format_##name[] __maybe_unused = format
struct attribute { const char *name; umode_t mode; };
struct attribute_group { const char *name; struct attribute **attrs; };
#define perf_num_counters() 0

#endif
