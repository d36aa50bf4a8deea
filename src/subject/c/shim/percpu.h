/* SPDX-License-Identifier: MIT */
/* percpu.h, smp.h: data of each hart. What is allocated lies beside what is defined, so that each hart has its copy. */
#ifndef HARTPROOF_PERCPU_H
#define HARTPROOF_PERCPU_H

#define shim_defined_percpu(type, name) __attribute__((section("shim_percpu"), used)) __typeof__(type) name
#define DEFINE_PER_CPU(type, name) shim_defined_percpu(type, name)
#define DEFINE_PER_CPU_ALIGNED(type, name) shim_defined_percpu(type, name)
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) shim_defined_percpu(type, name)
#define DEFINE_PER_CPU_READ_MOSTLY(type, name) shim_defined_percpu(type, name)
#define DEFINE_PER_CPU_PAGE_ALIGNED(type, name) shim_defined_percpu(type, name)
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name
#define EXPORT_PER_CPU_SYMBOL(name)
#define EXPORT_PER_CPU_SYMBOL_GPL(name)

#define __alloc_percpu(size, align) shim_alloc_percpu(size, align)
#define __alloc_percpu_gfp(size, align, gfp) ((void)(gfp), shim_alloc_percpu(size, align))
#define alloc_percpu(type) ((__typeof__(type) *)shim_alloc_percpu(sizeof(type), __alignof__(type)))
#define alloc_percpu_gfp(type, gfp) ((void)(gfp), alloc_percpu(type))
#define devm_alloc_percpu(device, type) ((void)(device), alloc_percpu(type))
#define free_percpu(pointer) ((void)(pointer))

#define shim_at(pointer, offset) ((__typeof__(pointer))((char *)(pointer) + (offset)))
#define this_cpu_ptr(pointer) shim_at(pointer, shim_percpu_offset)
#define raw_cpu_ptr(pointer) this_cpu_ptr(pointer)
#define per_cpu_ptr(pointer, cpu) shim_at(pointer, shim_offset_of(cpu))
#define per_cpu(name, cpu) (*per_cpu_ptr(&(name), cpu))
#define get_cpu_ptr(pointer) this_cpu_ptr(pointer)
#define put_cpu_ptr(pointer) ((void)(pointer))
#define get_cpu_var(name) (*this_cpu_ptr(&(name)))
#define put_cpu_var(name) ((void)(name))
#define __get_cpu_var(name) get_cpu_var(name)

#define this_cpu_read(name) (*this_cpu_ptr(&(name)))
#define this_cpu_write(name, value) (*this_cpu_ptr(&(name)) = (value))
#define this_cpu_add(name, n) ((void)(*this_cpu_ptr(&(name)) += (n)))
#define this_cpu_sub(name, n) this_cpu_add(name, -(n))
#define this_cpu_inc(name) ((void)++*this_cpu_ptr(&(name)))
#define this_cpu_dec(name) ((void)--*this_cpu_ptr(&(name)))
#define this_cpu_or(name, bits) ((void)(*this_cpu_ptr(&(name)) |= (bits)))
#define this_cpu_and(name, bits) ((void)(*this_cpu_ptr(&(name)) &= (bits)))
#define this_cpu_add_return(name, n) (*this_cpu_ptr(&(name)) += (n))
#define this_cpu_inc_return(name) this_cpu_add_return(name, 1)
#define this_cpu_dec_return(name) this_cpu_add_return(name, -1)
#define this_cpu_xchg(name, value) xchg(this_cpu_ptr(&(name)), value)
#define this_cpu_cmpxchg(name, old, new) cmpxchg(this_cpu_ptr(&(name)), old, new)
#define raw_cpu_read(name) this_cpu_read(name)
#define raw_cpu_write(name, value) this_cpu_write(name, value)
#define __this_cpu_read(name) this_cpu_read(name)
#define __this_cpu_write(name, value) this_cpu_write(name, value)
#define __this_cpu_add(name, n) this_cpu_add(name, n)
#define __this_cpu_sub(name, n) this_cpu_sub(name, n)
#define __this_cpu_inc(name) this_cpu_inc(name)
#define __this_cpu_dec(name) this_cpu_dec(name)
#define __this_cpu_or(name, bits) this_cpu_or(name, bits)
#define __this_cpu_and(name, bits) this_cpu_and(name, bits)
#define __this_cpu_inc_return(name) this_cpu_inc_return(name)
#define __this_cpu_dec_return(name) this_cpu_dec_return(name)
#define __this_cpu_xchg(name, value) this_cpu_xchg(name, value)

#ifndef NR_CPUS
#define NR_CPUS SHIM_MAX_HARTS
#endif
#define nr_cpu_ids ((unsigned)shim_harts)
#define smp_processor_id() shim_hart
#define raw_smp_processor_id() shim_hart
#define get_cpu() shim_hart
#define put_cpu() ((void)0)
#define cpuid_to_hartid_map(cpu) ((unsigned long)(cpu))
#define riscv_hartid_to_cpuid(hart) ((int)(hart))
#define num_possible_cpus() ((unsigned)shim_harts)
#define num_online_cpus() num_possible_cpus()
#define num_present_cpus() num_possible_cpus()
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < shim_harts; (cpu)++)
#define for_each_online_cpu(cpu) for_each_possible_cpu(cpu)
#define for_each_present_cpu(cpu) for_each_possible_cpu(cpu)
#define cpu_online(cpu) ((cpu) < shim_harts)
#define cpu_possible(cpu) cpu_online(cpu)
#define preempt_disable() ((void)0)
#define preempt_enable() ((void)0)

/* Runs it on each hart in turn; it never meets a hart in a callback, since those run in one piece. */
#define shim_on_each(function, info, which)                                                                           \
	({                                                                                                            \
		int shim_before = shim_hart;                                                                          \
		for (int shim_cpu = 0; shim_cpu < shim_harts; shim_cpu++)                                             \
			if (which) {                                                                                  \
				shim_go_to(shim_cpu);                                                                 \
				(function)(info);                                                                     \
			}                                                                                             \
		shim_go_to(shim_before);                                                                              \
		0;                                                                                                    \
	})
#define on_each_cpu(function, info, wait) ((void)(wait), shim_on_each(function, info, 1))
#define smp_call_function(function, info, wait) ((void)(wait), shim_on_each(function, info, shim_cpu != shim_before))
#define smp_call_function_single(cpu, function, info, wait) ((void)(wait), shim_on_each(function, info, shim_cpu == (int)(cpu)))
#define on_each_cpu_mask(mask, function, info, wait)                                                                  \
	((void)(wait), shim_on_each(function, info, cpumask_test_cpu(shim_cpu, mask)))
#define smp_call_function_any(mask, function, info, wait)                                                             \
	smp_call_function_single(cpumask_first(mask), function, info, wait)

#endif
