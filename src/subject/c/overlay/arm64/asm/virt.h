/* SPDX-License-Identifier: MIT */
/* Nothing runs above the kernel. */
#ifndef HP_ARM64_VIRT_H
#define HP_ARM64_VIRT_H
static inline _Bool is_hyp_mode_available(void) { return 0; }
static inline _Bool is_kernel_in_hyp_mode(void) { return 0; }
#endif
