/* SPDX-License-Identifier: MIT */
/* Who waits for the hardware says so: time goes on. */
#ifndef HP_VDSO_PROCESSOR_H
#define HP_VDSO_PROCESSOR_H
extern void hp_relax(void);
static inline void cpu_relax(void) { hp_relax(); }
#endif
