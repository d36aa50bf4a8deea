/* SPDX-License-Identifier: MIT */
/* Whether interrupts are off on the CPU that runs: a part of the state. */
#ifndef HP_IRQFLAGS_H
#define HP_IRQFLAGS_H
extern unsigned long hp_irqs_off(void);
extern void hp_set_irqs_off(unsigned long off);
static inline unsigned long arch_local_save_flags(void) { return hp_irqs_off(); }
static inline void arch_local_irq_restore(unsigned long flags) { hp_set_irqs_off(flags); }
static inline void arch_local_irq_enable(void) { hp_set_irqs_off(0); }
static inline void arch_local_irq_disable(void) { hp_set_irqs_off(1); }
static inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = hp_irqs_off();

	hp_set_irqs_off(1);
	return flags;
}
static inline int arch_irqs_disabled_flags(unsigned long flags) { return flags != 0; }
static inline int arch_irqs_disabled(void) { return hp_irqs_off() != 0; }
#endif
