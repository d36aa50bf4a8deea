/* SPDX-License-Identifier: MIT */
/* Interrupt lines: who handles them, and on which CPU. */
#include "hp.h"

enum { LINES = 64, FIRST_LINE = 32, SECOND_LINE = 16 };
static struct line {
	irq_handler_t handler, thread;
	void *data;
	unsigned long flags;
	struct cpumask affinity;
	/* Where the driver has said to which CPUs it goes; NULL: nowhere. */
	const void *routed;
	/* How often it was shut, and not let through again; and how many handlers share it beside the first. */
	int shut, shares;
} lines[LINES];

static const void *line_key(unsigned int irq) { return (void *)(unsigned long)irq; }
static void tell_line(unsigned int irq, const char *does, const void *at)
{
	if (raising < 0)
		host_fact(at, "\"type\":\"line\",\"line\":%u,\"does\":\"%s\",\"shared\":%s", irq, does, irq < LINES && lines[irq].flags & IRQF_SHARED ? "true" : "false");
}
static int take(unsigned int irq, irq_handler_t handler, irq_handler_t thread, unsigned long flags, void *data, const void *from)
{
	if (hp_fails("request_irq", from))
		return -EBUSY;
	if (irq >= LINES || (!handler && !thread) || (flags & IRQF_SHARED && (!data || flags & IRQF_NO_AUTOEN)))
		return -EINVAL;
	if (lines[irq].data || lines[irq].handler) {
		if (!(lines[irq].flags & flags & IRQF_SHARED))
			return -EBUSY;
		tell_line(irq, "share", from);
		lines[irq].shares++;
		return 0;
	}
	lines[irq] = (struct line){ handler, thread, data, flags, .shut = !!(flags & IRQF_NO_AUTOEN) };
	cpumask_copy(&lines[irq].affinity, &__cpu_online_mask);
	/* A line of each CPU is let through on each. */
	if (!(flags & IRQF_PERCPU))
		tell_line(irq, flags & IRQF_NO_AUTOEN ? "request shut" : "request", from);
	hp_hold("an interrupt", line_key(irq), from);
	return 0;
}
static void give_from(unsigned long irq, const void *from)
{
	waits_for_second();
	if (irq < LINES && lines[irq].shares)
		moment();
	else
		hp_let_go("an interrupt", line_key(irq));
	if (irq < LINES && !(lines[irq].flags & IRQF_PERCPU))
		tell_line(irq, "free", from);
	if (irq < LINES && lines[irq].shares)
		lines[irq].shares--;
	else if (irq < LINES)
		memset(&lines[irq], 0, sizeof(lines[irq]));
}
static void give(void *data) { give_from((unsigned long)data, NULL); }
/* Whether anybody handles a line. */
static bool is_handled(int irq) { return irq >= 0 && irq < LINES && (lines[irq].handler || lines[irq].thread); }
static bool is_open(int irq) { return is_handled(irq) && !lines[irq].shut; }
/* The line is raised: its handler runs on a CPU, with interrupts off, and its thread after it. */
static void hp_interrupt(int irq, int cpu)
{
	const struct line *line = &lines[irq];
	void *data = line->flags & IRQF_PERCPU ? (char *)line->data + __per_cpu_offset[cpu] : line->data;
	irqreturn_t did = IRQ_WAKE_THREAD;

	if (line->handler) {
		hp_enter(cpu, INTERRUPT);
		did = line->handler(irq, data);
		hp_leave(line->handler);
	}
	if (did == IRQ_WAKE_THREAD && line->thread) {
		hp_enter(cpu, PROCESS);
		did = line->thread(irq, data);
		hp_leave(line->thread);
	}
	host_fact((const char *)(line->handler ? (const void *)line->handler : line->thread) + 1, "\"type\":\"interrupt\",\"hart\":%d,\"answer\":%d,\"routed\":\"%lx\"", cpu, did, host_offset(line->routed));
}
/* Whether an interrupt may come where the driver's code is: what has a lock may be what its handler waits for. */
static bool may_cut_in(void) { return !in_line && !cannot_move() && context == PROCESS && !any_held(); }
/* A line is raised in the middle of what runs, on its CPU. */
static void cut_in(int irq)
{
	typeof(other) here = { hp_cpu, preempt_count(), context, bound_to_cpu };

	if (!is_open(irq))
		return;
	host_fact(NULL, "\"type\":\"cuts in\",\"line\":%d", irq);
	in_line = true;
	hp_interrupt(irq, hp_cpu);
	in_line = false;
	hp_cpu = here.cpu;
	context = here.context;
	bound_to_cpu = here.bound_to_cpu;
}
/* The lines as they are, before what is to be done to them is told. */
static void tell_lines(void)
{
	for (int irq = 0; irq < LINES; irq++)
		if (is_handled(irq) && !(lines[irq].flags & IRQF_PERCPU)) {
			tell_line(irq, lines[irq].shut ? "request shut" : "request", NULL);
			for (int times = 1; times < lines[irq].shut; times++)
				tell_line(irq, "disable", NULL);
		}
}
int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread, unsigned long flags, const char *name, void *data)
{
	hp_sleeps(HERE, "request_irq");
	return take(irq, handler, thread, flags, data, HERE);
}
static int devm_take(struct device *device, unsigned int irq, irq_handler_t handler, irq_handler_t thread, unsigned long flags, void *data, const void *from)
{
	int error = take(irq, handler, thread, flags, data, from);

	if (!error)
		hp_devres_add(device, give, (void *)(unsigned long)irq);
	return error;
}
int devm_request_threaded_irq(struct device *device, unsigned int irq, irq_handler_t handler, irq_handler_t thread, unsigned long flags, const char *name, void *data)
{
	return devm_take(device, irq, handler, thread, flags, data, HERE);
}
int devm_request_any_context_irq(struct device *device, unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void *data)
{
	return devm_take(device, irq, handler, NULL, flags, data, HERE);
}
const void *free_irq(unsigned int irq, void *data) { hp_sleeps(HERE, "free_irq"); give_from(irq, HERE); return NULL; }
void devm_free_irq(struct device *device, unsigned int irq, void *data) { hp_devres_release(device, give, (void *)(unsigned long)irq); }
int __request_percpu_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void __percpu *data)
{
	return take(irq, handler, NULL, flags | IRQF_PERCPU, (void *)data, HERE);
}
void free_percpu_irq(unsigned int irq, void __percpu *data) { give((void *)(unsigned long)irq); }
/* The interrupt controller of a RISC-V hart lets a line through by a bit of its sie. */
static void let_through(unsigned int irq, bool on)
{
	struct bits bit = { .place = (u64)CSR << 56 | 0x104 * 8, .bit = irq - FIRST_LINE, .bits = 1 };

	if (irq >= FIRST_LINE && irq < FIRST_LINE + 32 && table.is_described && word_at(bit.place))
		hp_set_field(bit, on);
}
void enable_percpu_irq(unsigned int irq, unsigned int type) { let_through(irq, true); }
void disable_percpu_irq(unsigned int irq) { let_through(irq, false); }
void enable_irq(unsigned int irq)
{
	tell_line(irq, "enable", HERE);
	if (irq < LINES && lines[irq].shut)
		lines[irq].shut--;
}
static void shut(unsigned int irq, const void *at)
{
	tell_line(irq, "disable", at);
	if (is_handled(irq))
		lines[irq].shut++;
}
/* It waits for the handler. */
void disable_irq(unsigned int irq)
{
	hp_sleeps(HERE, "disable_irq");
	shut(irq, HERE);
	waits_for_second();
}
void synchronize_irq(unsigned int irq)
{
	hp_sleeps(HERE, "synchronize_irq");
	waits_for_second();
}
void disable_irq_nosync(unsigned int irq) { shut(irq, HERE); }
static int route(unsigned int irq, const struct cpumask *mask, const void *from)
{
	if (irq >= LINES || hp_fails("irq_set_affinity", from))
		return -EINVAL;
	lines[irq].routed = mask ? from : NULL;
	if (lines[irq].handler || lines[irq].thread)
		tell_line(irq, "route", from);
	if (mask)
		cpumask_copy(&lines[irq].affinity, mask);
	return 0;
}
int irq_set_affinity(unsigned int irq, const struct cpumask *mask) { return route(irq, mask, HERE); }
int irq_force_affinity(unsigned int irq, const struct cpumask *mask) { return route(irq, mask, HERE); }
int __irq_apply_affinity_hint(unsigned int irq, const struct cpumask *mask, bool set) { return set ? route(irq, mask, HERE) : 0; }
int hp_affinity_hint(unsigned int irq, const struct cpumask *mask) NAMED(irq_set_affinity_hint);
int hp_affinity_hint(unsigned int irq, const struct cpumask *mask) { return route(irq, mask, HERE); }
/* A CPU goes: a line that went to it alone goes to any other. */
static void lines_leave(int cpu)
{
	for (int irq = 0; irq < LINES; irq++)
		if ((lines[irq].handler || lines[irq].thread) && !cpumask_intersects(&lines[irq].affinity, &__cpu_online_mask))
			cpumask_copy(&lines[irq].affinity, &__cpu_online_mask);
}
struct pt_regs *__irq_regs_storage[NR_CPUS];
DEFINE_PER_CPU(struct pt_regs *, __irq_regs);
struct irq_domain *hp_find_domain(void *fwspec, int token) NAMED(irq_find_matching_fwspec);
struct irq_domain *hp_find_domain(void *fwspec, int token)
{
	static long domain[64];

	return (struct irq_domain *)domain;
}
unsigned int hp_create_mapping(struct irq_domain *domain, unsigned long line, const void *affinity) NAMED(irq_create_mapping_affinity);
unsigned int hp_create_mapping(struct irq_domain *domain, unsigned long line, const void *affinity) { return FIRST_LINE + line % 16; }
void irq_dispose_mapping(unsigned int irq) {}
/* A line of a PMU that belongs to CPUs is one of each of them. */
int hp_check_status(unsigned int irq, unsigned int bits) NAMED(irq_check_status_bit);
int hp_check_status(unsigned int irq, unsigned int bits) { return bits & IRQ_PER_CPU_DEVID ? 1 : 0; }
int irq_get_percpu_devid_partition(unsigned int irq, struct cpumask *affinity)
{
	cpumask_copy(affinity, &__cpu_possible_mask);
	return 0;
}
int request_percpu_nmi(unsigned int irq, irq_handler_t handler, const char *name, void __percpu *data) { return -EINVAL; }
int request_nmi(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void *data) { return -EINVAL; }
bool irq_percpu_is_enabled(unsigned int irq) { return true; }
/* No controller of message-signalled interrupts is there: the line serves. */
int hp_no_msi(struct device *device, unsigned int count, void *write) NAMED(platform_device_msi_init_and_alloc_irqs);
int hp_no_msi(struct device *device, unsigned int count, void *write) { return -ENODEV; }
void hp_no_msi_free(struct device *device) NAMED(platform_device_msi_free_irqs_all);
void hp_no_msi_free(struct device *device) {}
unsigned int hp_no_msi_line(struct device *device, void *domain, unsigned int index) NAMED(msi_domain_get_virq);
unsigned int hp_no_msi_line(struct device *device, void *domain, unsigned int index) { return 0; }
