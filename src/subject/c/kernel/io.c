/* SPDX-License-Identifier: MIT */
/* Memory-mapped registers lie where nothing can be touched: every access is a call, or unknown. */
#include "hp.h"
#include "device.h"

enum { WINDOWS = 16, DEVICE_START = 0x10000000, DEVICE_BYTES = 1 << 20, SECOND_WINDOW = 8 };
static char *window;
struct resource iomem_resource, ioport_resource;

static void io_boot(void) { window = host_reserve((unsigned long)WINDOWS * HP_WINDOW); }

void __iomem *hp_map(phys_addr_t start, size_t size)
{
	if (start < DEVICE_START || start >= DEVICE_START + (u64)WINDOWS * HP_WINDOW)
		return NULL;
	return window + (start - DEVICE_START);
}

static unsigned long address_of(const volatile void *register_, const void *at)
{
	const char *here = (const char *)register_;

	if (here < window || here >= window + (unsigned long)WINDOWS * HP_WINDOW) {
		host_fact(at, "\"type\":\"no device\",\"address\":\"%lx\"", (unsigned long)here);
		host_crash("an access to a register where no device is mapped");
	}
	if ((here - window) % HP_WINDOW >= DEVICE_BYTES)
		host_fact(at, "\"type\":\"outside\",\"address\":%ld", (long)(here - window) % HP_WINDOW);
	return here - window;
}

u64 hp_mmio_read(const volatile void *register_, int width) { return hp_device_read(MMIO, address_of(register_, HERE), width, HERE); }
void hp_mmio_write(u64 value, volatile void *register_, int width)
{
	if (width < 8)
		value &= (1ULL << width * 8) - 1;
	hp_device_write(MMIO, address_of(register_, HERE), width, value, HERE);
}

#define MAPS(name, ...) void __iomem *hp_##name(__VA_ARGS__) NAMED(name); void __iomem *hp_##name(__VA_ARGS__)
static void __iomem *map_or_fail(phys_addr_t start, size_t size, const char *what, const void *from)
{
	return hp_fails(what, from) ? NULL : hp_map(start, size);
}
MAPS(devm_ioremap, struct device *device, resource_size_t start, resource_size_t size) { return map_or_fail(start, size, "devm_ioremap", HERE); }
MAPS(devm_ioremap_uc, struct device *device, resource_size_t start, resource_size_t size) { return map_or_fail(start, size, "devm_ioremap_uc", HERE); }
MAPS(devm_ioremap_wc, struct device *device, resource_size_t start, resource_size_t size) { return map_or_fail(start, size, "devm_ioremap_wc", HERE); }
/* What is mapped without a device is to be unmapped. */
static void __iomem *map_by_hand(phys_addr_t start, size_t size, const void *from)
{
	void __iomem *at = map_or_fail(start, size, "ioremap", from);

	if (at)
		hp_hold("a mapping", (const void *)at, from);
	return at;
}
MAPS(ioremap_prot, phys_addr_t start, size_t size, unsigned long prot) { return map_by_hand(start, size, HERE); }
MAPS(ioremap, phys_addr_t start, size_t size) { return map_by_hand(start, size, HERE); }
MAPS(devm_ioremap_resource, struct device *device, const struct resource *resource)
{
	if (hp_fails("devm_ioremap_resource", HERE))
		return IOMEM_ERR_PTR(-EBUSY);
	return resource ? hp_map(resource->start, resource_size(resource)) : IOMEM_ERR_PTR(-EINVAL);
}
void hp_iounmap(volatile void __iomem *at) NAMED(iounmap);
void hp_iounmap(volatile void __iomem *at) { hp_let_go("a mapping", (const void *)at); }
struct resource *__devm_request_region(struct device *device, struct resource *parent, resource_size_t start, resource_size_t n, const char *name)
{
	struct resource *resource = devm_kmalloc(device, sizeof(*resource), GFP_KERNEL);

	*resource = (struct resource){ .start = start, .end = start + n - 1, .name = name, .flags = IORESOURCE_MEM };
	return resource;
}
