/* SPDX-License-Identifier: MIT */
/*
 * csr.h: a register by its name or its number, or a sum of them, once macros are replaced. Names that the kernel's header
 * would define are left as they stand: the harness knows them.
 */
#ifndef HARTPROOF_CSR_H
#define HARTPROOF_CSR_H

#define shim_text(...) #__VA_ARGS__
#define csr_read(csr) shim_csr_read(shim_text(csr))
#define csr_write(csr, value) shim_csr_write(shim_text(csr), value)
#define csr_set(csr, bits) ((void)shim_csr_change(shim_text(csr), bits, 0))
#define csr_clear(csr, bits) ((void)shim_csr_change(shim_text(csr), 0, bits))
#define csr_read_set(csr, bits) shim_csr_change(shim_text(csr), bits, 0)
#define csr_read_clear(csr, bits) shim_csr_change(shim_text(csr), 0, bits)
#define csr_swap(csr, value) shim_csr_swap(shim_text(csr), value)

#endif
