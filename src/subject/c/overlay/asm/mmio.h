/* SPDX-License-Identifier: MIT */
/* Every access to a device is a call. */
#ifndef HP_MMIO_H
#define HP_MMIO_H
#include <linux/types.h>
extern u64 hp_mmio_read(const volatile void *, int); extern void hp_mmio_write(u64, volatile void *, int);
#define __raw_writeb(v, a) hp_mmio_write(v, a, 1)
#define __raw_writew(v, a) hp_mmio_write(v, a, 2)
#define __raw_writel(v, a) hp_mmio_write(v, a, 4)
#define __raw_writeq(v, a) hp_mmio_write(v, a, 8)
#define __raw_readb(a) ((u8)hp_mmio_read(a, 1))
#define __raw_readw(a) ((u16)hp_mmio_read(a, 2))
#define __raw_readl(a) ((u32)hp_mmio_read(a, 4))
#define __raw_readq(a) ((u64)hp_mmio_read(a, 8))
#define readb(a) __raw_readb(a)
#define readw(a) __raw_readw(a)
#define readl(a) __raw_readl(a)
#define readq(a) __raw_readq(a)
#define writeb(v, a) __raw_writeb(v, a)
#define writew(v, a) __raw_writew(v, a)
#define writel(v, a) __raw_writel(v, a)
#define writeq(v, a) __raw_writeq(v, a)
#define readb_relaxed readb
#define readw_relaxed readw
#define readl_relaxed readl
#define readq_relaxed readq
#define writeb_relaxed writeb
#define writew_relaxed writew
#define writel_relaxed writel
#define writeq_relaxed writeq
#endif
