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

#include "shim/module.h"
#include "shim/report.h"
#include "shim/binding.h"
#include "shim/percpu.h"
#include "shim/atomic.h"
#include "shim/local64.h"
#include "shim/slab.h"
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
#include "shim/interrupt.h"
struct irq_work { void (*func)(struct irq_work *work); };
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
#include "shim/perf.h"
#define PMU_FORMAT_ATTR(name, format) static const char shim_format_##name[] __maybe_unused = format
struct attribute { const char *name; umode_t mode; };
struct attribute_group { const char *name; struct attribute **attrs; };
#define perf_num_counters() 0

#endif
