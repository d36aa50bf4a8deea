/* SPDX-License-Identifier: MIT */
/* interrupt.h, irq_work.h: a line is asked for and given back, and never rings. */
#ifndef HARTPROOF_INTERRUPT_H
#define HARTPROOF_INTERRUPT_H

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
#define init_irq_work(work, function) ((void)((work)->func = (function)))
#define irq_work_queue(work) ((work)->func(work), true)
#define irq_work_sync(work) ((void)(work))

#endif
