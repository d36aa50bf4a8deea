/* SPDX-License-Identifier: MIT */
/*
 * What a description of a device provides: C that is linked before this default and sets `hp_device` in its constructor, or
 * before the driver boots. An address is an offset from the first resource for MMIO (each further resource starts
 * HP_WINDOW later), a number for a CSR, an offset in configuration space for PCI.
 */
#ifndef HP_DEVICE_H
#define HP_DEVICE_H

enum { HP_WINDOW = 1 << 24 };

struct hp_ecall { unsigned long extension, function, arguments[6]; };
struct hp_device {
	u64 (*read)(enum hp_bus bus, unsigned long address, int width);
	void (*write)(enum hp_bus bus, unsigned long address, int width, u64 value);
	/* SBI: false where the firmware does not have it; then `error` and `value` mean nothing. */
	bool (*ecall)(const struct hp_ecall *call, long *error, unsigned long *value);
	/* So many ticks of each clock go by. */
	void (*tick)(u64 ticks);
};
extern struct hp_device *hp_device;
/* Whether a description stands in for the hardware: only then are counts looked at. */
bool hp_is_described(void);

/* Memory that remembers, for the registers that a description does not speak of. */
u64 hp_remembered(enum hp_bus bus, unsigned long address, int width);
void hp_remember(enum hp_bus bus, unsigned long address, int width, u64 value);
#endif
