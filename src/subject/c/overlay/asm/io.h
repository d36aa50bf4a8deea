/* SPDX-License-Identifier: MIT */
#ifndef HP_IO_H
#define HP_IO_H
#include <linux/types.h>
#include <linux/pgtable.h>
#include <asm/mmiowb.h>
#include <asm/early_ioremap.h>
#include <asm/mmio.h>
#define PCI_IOBASE ((void __iomem *)PCI_IO_START)
#define ioremap_wc(addr, size) ioremap(addr, size)
#include <asm-generic/io.h>
#endif
