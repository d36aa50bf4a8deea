/* SPDX-License-Identifier: MIT */
/* Numbers and fields are the tree's; an access is a call: see device.h of the harness. */
#include_next <asm/csr.h>
#ifndef HP_CSR_H
#define HP_CSR_H
#undef csr_read
#undef csr_write
#undef csr_swap
#undef csr_set
#undef csr_clear
#undef csr_read_set
#undef csr_read_clear
extern unsigned long hp_csr_read(int), hp_csr_swap(int, unsigned long), hp_csr_set(int, unsigned long), hp_csr_clear(int, unsigned long);
#define csr_read(c) hp_csr_read(c)
#define csr_write(c, v) ((void)hp_csr_swap(c, (unsigned long)(v)))
#define csr_swap(c, v) hp_csr_swap(c, (unsigned long)(v))
#define csr_set(c, v) ((void)hp_csr_set(c, (unsigned long)(v)))
#define csr_clear(c, v) ((void)hp_csr_clear(c, (unsigned long)(v)))
#define csr_read_set(c, v) hp_csr_set(c, (unsigned long)(v))
#define csr_read_clear(c, v) hp_csr_clear(c, (unsigned long)(v))
#endif
