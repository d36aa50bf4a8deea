/* SPDX-License-Identifier: MIT */
/*
 * The kernel as a PMU driver of the RISC-V family sees it: every <linux/…> and <asm/…> header of the driver that neither
 * its own tree nor --shim provides is this one. Facts about an interface, in our own words.
 */
#ifndef HARTPROOF_KERNEL_H
#define HARTPROOF_KERNEL_H

#include "shim.h"

/* compiler.h, init.h, export.h, kernel.h */
#define __read_mostly
#define __init
#define __initdata
#define __exit
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
#define THIS_MODULE ((struct module *)0)
#define likely(x) (x)
#define unlikely(x) (x)
#define barrier() __asm__ __volatile__("" ::: "memory")
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define BIT(n) (1UL << (n))
#define BIT_ULL(n) (1ULL << (n))
#define GENMASK(high, low) ((~0UL << (low)) & (~0UL >> (BITS_PER_LONG - 1 - (high))))
#define GENMASK_ULL(high, low) ((~0ULL << (low)) & (~0ULL >> (63 - (high))))
#define BITS_PER_LONG 64
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
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
#define EOPNOTSUPP 95
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
#define pr_err(...) ((void)0)
#define pr_info(...) ((void)0)
#define pr_notice(...) ((void)0)
#define pr_debug(...) ((void)0)
#define dev_err(...) ((void)0)
#define dev_info(...) ((void)0)
#define printk(...) ((void)0)

/* initcalls and platform drivers */
typedef int (*initcall_t)(void);
#define shim_initcall(fn)                                                                                             \
	__attribute__((section("shim_initcalls"), used)) static initcall_t shim_initcall_##fn = (initcall_t)fn
#define early_initcall(fn) shim_initcall(fn)
#define core_initcall(fn) shim_initcall(fn)
#define arch_initcall(fn) shim_initcall(fn)
#define subsys_initcall(fn) shim_initcall(fn)
#define device_initcall(fn) shim_initcall(fn)
#define late_initcall(fn) shim_initcall(fn)
#define module_init(fn) shim_initcall(fn)
#define module_exit(fn)
static inline int platform_driver_register(struct platform_driver *driver)
{
	static struct platform_device device;
	static struct device_node node;
	device.name = driver->driver.name;
	device.dev.of_node = &node;
	return driver->probe(&device);
}
#define platform_driver_unregister(driver) ((void)0)
#define builtin_platform_driver(driver)                                                                               \
	static int driver##_register(void) { return platform_driver_register(&driver); }                              \
	device_initcall(driver##_register)
#define module_platform_driver(driver) builtin_platform_driver(driver)
#define of_match_ptr(table) (table)
#define of_property_read_bool(node, name) ((void)(node), (void)(name), false)
#define of_node_put(node) ((void)(node))

/* percpu.h, smp.h */
#define DEFINE_PER_CPU(type, name) __attribute__((section("shim_percpu"), used)) __typeof__(type) name
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name
#define shim_at(pointer, offset) ((__typeof__(pointer))((char *)(pointer) + (offset)))
#define this_cpu_ptr(pointer) shim_at(pointer, shim_percpu_offset)
#define raw_cpu_ptr(pointer) this_cpu_ptr(pointer)
#define per_cpu_ptr(pointer, cpu) shim_at(pointer, shim_offset_of(cpu))
#define per_cpu(name, cpu) (*per_cpu_ptr(&(name), cpu))
#define this_cpu_read(name) (*this_cpu_ptr(&(name)))
#define this_cpu_write(name, value) (*this_cpu_ptr(&(name)) = (value))
#define this_cpu_inc(name) ((void)++*this_cpu_ptr(&(name)))
#define this_cpu_dec(name) ((void)--*this_cpu_ptr(&(name)))
#define __this_cpu_read(name) this_cpu_read(name)
#define __this_cpu_write(name, value) this_cpu_write(name, value)
#define get_cpu_var(name) this_cpu_read(name)
#define put_cpu_var(name) ((void)0)
#define smp_processor_id() shim_hart
#define raw_smp_processor_id() shim_hart
#define get_cpu() shim_hart
#define put_cpu() ((void)0)
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < shim_harts; (cpu)++)
#define for_each_online_cpu(cpu) for_each_possible_cpu(cpu)
#define preempt_disable() ((void)0)
#define preempt_enable() ((void)0)
#define smp_mb() barrier()
#define smp_rmb() barrier()
#define smp_wmb() barrier()

/* atomic.h */
#define ATOMIC_INIT(value) { (value) }
#define atomic_read(v) shim_atomic_read(v)
#define atomic_set(v, value) shim_atomic_set(v, value)
#define atomic_inc_return(v) shim_atomic_add(v, 1)
#define atomic_dec_return(v) shim_atomic_add(v, -1)
#define atomic_inc(v) ((void)shim_atomic_add(v, 1))
#define atomic_dec(v) ((void)shim_atomic_add(v, -1))
#define atomic_add(n, v) ((void)shim_atomic_add(v, n))
#define atomic_sub(n, v) ((void)shim_atomic_add(v, -(n)))
#define atomic_add_return(n, v) shim_atomic_add(v, n)
#define atomic_sub_return(n, v) shim_atomic_add(v, -(n))
#define atomic_dec_and_test(v) (shim_atomic_add(v, -1) == 0)
#define atomic_inc_and_test(v) (shim_atomic_add(v, 1) == 0)
#define atomic_sub_and_test(n, v) (shim_atomic_add(v, -(n)) == 0)
#define atomic_inc_not_zero(v) shim_atomic_add_unless(v, 1, 0, NULL)
#define atomic_add_unless(v, n, u) shim_atomic_add_unless(v, n, u, NULL)
#define refcount_inc_not_zero(v) atomic_inc_not_zero(v)
typedef atomic_t refcount_t;

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

/* mutex.h, spinlock.h, irqflags.h */
#define DEFINE_MUTEX(name) struct mutex name
#define mutex_init(m) memset(m, 0, sizeof(*(m)))
#define mutex_lock(m) shim_mutex_lock(m)
#define mutex_trylock(m) shim_mutex_trylock(m)
#define mutex_unlock(m) shim_mutex_unlock(m)
#define mutex_is_locked(m) ((m)->owner != 0)
#define lockdep_assert_held(m) ((void)(m))
static inline int atomic_dec_and_mutex_lock(atomic_t *counter, struct mutex *mutex)
{
	if (shim_atomic_add_unless(counter, -1, 1, NULL))
		return 0;
	mutex_lock(mutex);
	if (atomic_dec_and_test(counter))
		return 1;
	mutex_unlock(mutex);
	return 0;
}
/* One hart runs one callback at a time here, with interrupts off: a spinlock has nobody to keep out. */
#define DEFINE_SPINLOCK(name) spinlock_t name
#define DEFINE_RAW_SPINLOCK(name) raw_spinlock_t name
#define spin_lock_init(l) ((void)(l))
#define raw_spin_lock_init(l) ((void)(l))
#define spin_lock(l) ((void)(l))
#define spin_unlock(l) ((void)(l))
#define spin_lock_irqsave(l, flags) ((void)(l), (flags) = 0)
#define spin_unlock_irqrestore(l, flags) ((void)(l), (void)(flags))
#define raw_spin_lock(l) ((void)(l))
#define raw_spin_unlock(l) ((void)(l))
#define raw_spin_lock_irqsave(l, flags) ((void)(l), (flags) = 0)
#define raw_spin_unlock_irqrestore(l, flags) ((void)(l), (void)(flags))
#define local_irq_save(flags) ((flags) = 0)
#define local_irq_restore(flags) ((void)(flags))
#define local_irq_disable() ((void)0)
#define local_irq_enable() ((void)0)

/* bitops.h, bitmap.h, cpumask.h, list.h */
#define BITS_TO_LONGS(bits) (((bits) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]
#define bitmap_zero(map, bits) memset(map, 0, BITS_TO_LONGS(bits) * sizeof(long))
static inline bool test_bit(long bit, const unsigned long *map) { return map[bit / BITS_PER_LONG] >> bit % BITS_PER_LONG & 1; }
static inline void set_bit(long bit, unsigned long *map) { map[bit / BITS_PER_LONG] |= BIT(bit % BITS_PER_LONG); }
static inline void clear_bit(long bit, unsigned long *map) { map[bit / BITS_PER_LONG] &= ~BIT(bit % BITS_PER_LONG); }
#define __set_bit(bit, map) set_bit(bit, map)
#define __clear_bit(bit, map) clear_bit(bit, map)
static inline bool test_and_set_bit(long bit, unsigned long *map) { bool was = test_bit(bit, map); set_bit(bit, map); return was; }
static inline bool test_and_clear_bit(long bit, unsigned long *map) { bool was = test_bit(bit, map); clear_bit(bit, map); return was; }
#define __test_and_set_bit(bit, map) test_and_set_bit(bit, map)
#define __test_and_clear_bit(bit, map) test_and_clear_bit(bit, map)
static inline unsigned long find_next_bit(const unsigned long *map, unsigned long bits, unsigned long from)
{
	while (from < bits && !test_bit(from, map))
		from++;
	return from < bits ? from : bits;
}
static inline unsigned long find_next_zero_bit(const unsigned long *map, unsigned long bits, unsigned long from)
{
	while (from < bits && test_bit(from, map))
		from++;
	return from < bits ? from : bits;
}
#define find_first_bit(map, bits) find_next_bit(map, bits, 0)
#define find_first_zero_bit(map, bits) find_next_zero_bit(map, bits, 0)
#define for_each_set_bit(bit, map, bits)                                                                              \
	for ((bit) = find_first_bit(map, bits); (bit) < (bits); (bit) = find_next_bit(map, bits, (bit) + 1))
#define bitmap_empty(map, bits) (find_first_bit(map, bits) >= (bits))
#define bitmap_full(map, bits) (find_first_zero_bit(map, bits) >= (bits))
#define hweight64(x) __builtin_popcountll(x)
#define hweight_long(x) __builtin_popcountl(x)
#define ffs(x) __builtin_ffs(x)
#define __ffs(x) __builtin_ctzl(x)
#define fls(x) ((x) ? 32 - __builtin_clz(x) : 0)
#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define list_empty(head) ((head)->next == (head))
#define list_for_each_entry(at, head, member)                                                                         \
	for ((at) = container_of((head)->next, __typeof__(*(at)), member); &(at)->member != (head);                   \
	     (at) = container_of((at)->member.next, __typeof__(*(at)), member))

/* csr.h: a counter by the token of its register */
#define csr_read(csr) shim_csr_read(#csr)
#define csr_write(csr, value) shim_csr_write(#csr, value)
#define csr_set(csr, bits) shim_csr_write(#csr, bits)
#define csr_clear(csr, bits) shim_csr_write(#csr, 0)

/* interrupt.h */
typedef int irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *data);
#define IRQ_NONE 0
#define IRQ_HANDLED 1
#define IRQF_PERCPU 0x400
#define IRQF_NOBALANCING 0x800
#define IRQF_SHARED 0x80
#define request_irq(irq, handler, flags, name, data) ((void)(irq), (void)(handler), 0)
#define free_irq(irq, data) ((void)(irq))
#define irq_work_run() ((void)0)

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
#define PERF_HES_ARCH 4
#define PERF_ATTACH_TASK 4
#define PERF_PMU_CAP_NO_INTERRUPT 1
#define PERF_PMU_CAP_NO_NMI 2
#define PERF_PMU_CAP_NO_EXCLUDE 64
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
#define perf_num_counters() 0

#endif
