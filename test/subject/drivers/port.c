/* SPDX-License-Identifier: MIT */
/*
 * A port, in our own words, as ports are written: sound as it stands and with any of the names that it asks for with #if,
 * each of which is something that drivers do; wrong in one known way for each name of the shape BREAKS_* that is defined.
 */
#include <linux/bitmap.h>
#include <linux/module.h>
#include <linux/of_device.h>
#include <linux/perf_event.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <asm/csr.h>

#define PORT_COUNTERS 4
#define PORT_FIXED 2

struct port_cpu {
	int n_events;
	struct perf_event *events[PORT_COUNTERS];
	DECLARE_BITMAP(used, PORT_COUNTERS);
};

struct port_pmu {
	const char *name;
	struct pmu pmu;
	struct port_cpu __percpu *cpu;
};
static struct port_pmu *the_port;

#if defined(BY_POINTER)
static struct port_cpu __percpu *port_cpus;
#define this_port() this_cpu_ptr(port_cpus)
#elif defined(BY_ARRAY)
static struct port_cpu port_cpus[NR_CPUS];
#define this_port() (&port_cpus[smp_processor_id()])
#elif defined(IN_PMU)
#define this_port() this_cpu_ptr(container_of(event->pmu, struct port_pmu, pmu)->cpu)
#else
static DEFINE_PER_CPU(struct port_cpu, port_cpus);
#define this_port() this_cpu_ptr(&port_cpus)
#endif

static unsigned long port_users;
static DEFINE_SPINLOCK(port_lock);
static u64 port_opened;

static u64 port_read_counter(int idx)
{
	switch (idx) {
#if defined(BY_NUMBER)
	case 0:
		return csr_read(0xC00);
	case 1:
		return csr_read(CSR_CYCLE + 2);
	case 2:
		return csr_read(0xB03);
#else
	case 0:
		return csr_read(cycle);
	case 1:
#ifdef BREAKS_COUNTER
		return csr_read(cycle);
#else
		return csr_read(CSR_INSTRET);
#endif
	case 2:
#if defined(NOT_KNOWN) || defined(NONE_KNOWN)
		return csr_read(0x7c0);
#else
		return csr_read(hpmcounter3);
#endif
#endif
	case 3:
#ifdef NONE_KNOWN
		return csr_read(0x7c1);
#else
		return csr_read(CSR_MHPMCOUNTER4);
#endif
	}
	return 0;
}

#if defined(WRITES) || defined(BREAKS_SHARED)
static void port_write_counter(int idx, u64 value)
{
	switch (idx) {
	case 0:
		csr_write(CSR_MCYCLE, value);
		break;
	case 1:
		csr_write(0xB02, value);
		break;
	case 2:
		csr_write(mhpmcounter3, value);
		break;
	case 3:
		csr_swap(CSR_MHPMCOUNTER4, value);
		break;
	}
}
#endif

static void port_update(struct perf_event *event)
{
	u64 now = port_read_counter(event->hw.idx), then;

	then = local64_xchg(&event->hw.prev_count, now);
	local64_add(now - then, &event->count);
#ifndef FEW_STEPS
	local64_sub(now - then, &event->hw.period_left);
#endif
}

static void port_read(struct perf_event *event)
{
	if (!(event->hw.state & PERF_HES_STOPPED))
		port_update(event);
}

static void port_start(struct perf_event *event, int flags)
{
	if (!(event->hw.state & PERF_HES_STOPPED))
		return;
	event->hw.state = 0;
#if defined(WRITES) || defined(BREAKS_SHARED)
	port_write_counter(event->hw.idx, (u64)-3);
	local64_set(&event->hw.prev_count, (u64)-3);
#else
	local64_set(&event->hw.prev_count, port_read_counter(event->hw.idx));
#endif
	perf_event_update_userpage(event);
}

static void port_stop(struct perf_event *event, int flags)
{
	if (event->hw.state & PERF_HES_STOPPED)
		return;
	port_update(event);
	event->hw.state |= PERF_HES_STOPPED | PERF_HES_UPTODATE;
}

static int port_add(struct perf_event *event, int flags)
{
	struct port_cpu *cpu = this_port();
	int idx = event->hw.config;

	if (idx >= PORT_FIXED) {
#ifdef BREAKS_FULL
		idx = find_next_zero_bit(cpu->used, PORT_COUNTERS - 1, PORT_FIXED);
#else
		idx = find_next_zero_bit(cpu->used, PORT_COUNTERS, PORT_FIXED);
		if (idx >= PORT_COUNTERS)
			return -ENOSPC;
#endif
		set_bit(idx, cpu->used);
#ifdef BREAKS_SHARED
	} else if (0) {
#else
	} else if (__test_and_set_bit(idx, cpu->used)) {
#endif
		return -ENOSPC;
	}
	event->hw.idx = idx;
	cpu->events[idx] = event;
	cpu->n_events++;
	event->hw.state = PERF_HES_STOPPED | PERF_HES_UPTODATE;
	if (flags & PERF_EF_START)
		port_start(event, PERF_EF_RELOAD);
	return 0;
}

static void port_del(struct perf_event *event, int flags)
{
	struct port_cpu *cpu = this_port();

	port_stop(event, PERF_EF_UPDATE);
	cpu->events[event->hw.idx] = NULL;
	clear_bit(event->hw.idx, cpu->used);
	cpu->n_events--;
	perf_event_update_userpage(event);
}

static void port_destroy(struct perf_event *event)
{
	unsigned long was;

	do {
		was = READ_ONCE(port_users);
	} while (cmpxchg(&port_users, was, was - 1) != was);
}

static int port_event_init(struct perf_event *event)
{
	unsigned long was, flags;

	switch (event->attr.type) {
	case PERF_TYPE_HARDWARE:
		if (event->attr.config >= PERF_COUNT_HW_MAX)
			return -EINVAL;
		if (event->attr.config == PERF_COUNT_HW_CACHE_MISSES)
			event->hw.config = PORT_FIXED;
		else if (event->attr.config <= PERF_COUNT_HW_INSTRUCTIONS)
			event->hw.config = event->attr.config;
		else
			return -EOPNOTSUPP;
		break;
	case PERF_TYPE_HW_CACHE:
#ifdef TLB_MISSES
		if (event->attr.config == (PERF_COUNT_HW_CACHE_DTLB | PERF_COUNT_HW_CACHE_RESULT_MISS << 16)) {
			event->hw.config = PORT_FIXED;
			break;
		}
#endif
		return -EOPNOTSUPP;
	case PERF_TYPE_RAW:
		return -EOPNOTSUPP;
	default:
		return -ENOENT;
	}
#ifndef CAPABILITIES
	if (is_sampling_event(event))
		return -EOPNOTSUPP;
	if (event_has_any_exclude_flag(event))
		return -EINVAL;
#endif

	was = READ_ONCE(port_users);
	while (!try_cmpxchg(&port_users, &was, was + 1))
		;
	spin_lock_irqsave(&port_lock, flags);
	port_opened = FIELD_PREP(GENMASK_ULL(7, 0), 1);
	spin_unlock_irqrestore(&port_lock, flags);
	event->hw.idx = -1;
	event->hw.sample_period = GENMASK(3, 0);
	event->hw.last_period = event->hw.sample_period;
	local64_set(&event->hw.period_left, event->hw.sample_period);
	event->destroy = port_destroy;
	return 0;
}

static int port_probe(struct platform_device *pdev)
{
	struct port_pmu *port = devm_kzalloc(&pdev->dev, sizeof(*port), GFP_KERNEL);

	if (!port)
		return -ENOMEM;
	if (!of_match_node(pdev->dev.driver->of_match_table, pdev->dev.of_node))
		return dev_err_probe(&pdev->dev, -ENODEV, "no counters on %s\n", dev_name(&pdev->dev));
#if defined(BY_POINTER)
	port_cpus = alloc_percpu(struct port_cpu);
	if (!port_cpus)
		return -ENOMEM;
#elif defined(IN_PMU)
	port->cpu = __alloc_percpu(sizeof(struct port_cpu), __alignof__(struct port_cpu));
	if (!port->cpu)
		return -ENOMEM;
#endif
	port->pmu = (struct pmu){
		.module = THIS_MODULE,
		.task_ctx_nr = perf_hw_context,
#ifdef CAPABILITIES
		.capabilities = PERF_PMU_CAP_NO_INTERRUPT | PERF_PMU_CAP_NO_EXCLUDE,
#endif
		.event_init = port_event_init,
		.add = port_add,
		.del = port_del,
		.start = port_start,
		.stop = port_stop,
		.read = port_read,
	};
	the_port = port;
	csr_set(CSR_SCOUNTEREN, BIT(0));
	platform_set_drvdata(pdev, port);
	pr_info("%s: %u harts, debug %d\n", port->pmu.name ?: "port", num_possible_cpus(), IS_ENABLED(CONFIG_PORT_DEBUG));
	return perf_pmu_register(&port->pmu, "port", PERF_TYPE_RAW);
}

static const struct of_device_id port_ids[] = {
	{ .compatible = "example,port-pmu" },
	{ /* the end */ }
};
MODULE_DEVICE_TABLE(of, port_ids);

static struct platform_driver port_driver = {
	.driver = {
		.name = "port-pmu",
		.of_match_table = port_ids,
		.suppress_bind_attrs = true,
	},
	.probe = port_probe,
};
module_platform_driver(port_driver)
