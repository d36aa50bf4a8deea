/* SPDX-License-Identifier: MIT */
/* PCI: one function, with the identifier that a driver wants. */
#include "hp.h"

static struct pci_driver *pci_driver;
static struct pci_dev pci;
static struct pci_bus pci_bus;
static void __iomem *pci_table[PCI_STD_NUM_BARS];
#undef pci_bus_type
#if SINCE(6, 8)
const struct bus_type pci_bus_type = { .name = "pci" };
#else
struct bus_type pci_bus_type = { .name = "pci" };
#endif

int __pci_register_driver(struct pci_driver *driver, struct module *owner, const char *name)
{
	if (hp_fails("pci_register_driver", HERE))
		return -ENOMEM;
	hp_hold("a registered driver", driver, HERE);
	pci_driver = driver;
	return 0;
}
static void unbind_pci(void)
{
	if (pci_driver->remove)
		pci_driver->remove(&pci);
	hp_devres_release_all(&pci.dev);
	pci.dev.driver = NULL;
}
void pci_unregister_driver(struct pci_driver *driver)
{
	if (pci.dev.driver)
		unbind_pci();
	hp_let_go("a registered driver", driver);
	pci_driver = NULL;
}

static void make_pci(u32 vendor, u32 device_id)
{
	device_make(&pci.dev, "0000:00:00.0");
	pci.vendor = vendor;
	pci.device = device_id;
	pci.bus = &pci_bus;
	pci.dev.bus = (struct bus_type *)&pci_bus_type;
	pci.irq = FIRST_LINE;
	for (int i = 0; i < 6; i++) {
		pci.resource[i] = (struct resource){ .start = DEVICE_START + i * HP_WINDOW, .flags = IORESOURCE_MEM, .name = "bar" };
		pci.resource[i].end = pci.resource[i].start + DEVICE_BYTES - 1;
		pci_table[i] = hp_map(pci.resource[i].start, DEVICE_BYTES);
	}
}

static bool match_pci(int number, const struct pci_device_id **id)
{
	if (number < 0)
		return false;
	for (*id = pci_driver ? pci_driver->id_table : NULL; *id && ((*id)->vendor || (*id)->subvendor || (*id)->class_mask); ++*id)
		if (number-- == 0)
			return true;
	return false;
}

static int probe_pci(const struct pci_device_id *id)
{
	int error;

	make_pci(id->vendor, id->device);
	hp_match = (struct hp_match){ "pci", (const void *)id->driver_data, MATCH_PCI };
	pci.dev.driver = &pci_driver->driver;
	start_binding();
	error = pci_driver->probe(&pci, id);
	if (error)
		hp_devres_release_all(&pci.dev), pci.dev.driver = NULL;
	end_binding(error, pci_driver->probe);
	return error;
}

struct pci_dev *pci_get_device(unsigned int vendor, unsigned int device_id, struct pci_dev *from) { return NULL; }
struct pci_dev *pci_get_domain_bus_and_slot(int domain, unsigned int bus, unsigned int devfn) { return NULL; }
void pci_dev_put(struct pci_dev *dev) {}
struct pci_dev *pci_dev_get(struct pci_dev *dev) { return dev; }
int pci_enable_device(struct pci_dev *dev) { return hp_fails("pci_enable_device", HERE) ? -EINVAL : 0; }
int pcim_enable_device(struct pci_dev *dev) { return hp_fails("pcim_enable_device", HERE) ? -EINVAL : 0; }
void pci_set_master(struct pci_dev *dev) {}
void pci_clear_master(struct pci_dev *dev) {}
int hp_pcim_iomap_regions(struct pci_dev *dev, int mask, const char *name) NAMED(pcim_iomap_regions);
int hp_pcim_iomap_regions(struct pci_dev *dev, int mask, const char *name) { return hp_fails("pcim_iomap_regions", HERE) ? -EBUSY : 0; }
void __iomem *const *pcim_iomap_table(struct pci_dev *dev) { return pci_table; }
void __iomem *pci_ioremap_bar(struct pci_dev *dev, int bar) { return hp_fails("pci_ioremap_bar", HERE) ? NULL : pci_table[bar]; }
void __iomem *pcim_iomap(struct pci_dev *dev, int bar, unsigned long length) { return hp_fails("pcim_iomap", HERE) ? NULL : pci_table[bar]; }
int hp_pci_alloc_irq_vectors(struct pci_dev *dev, unsigned int least, unsigned int most, unsigned int flags) NAMED(pci_alloc_irq_vectors);
int hp_pci_alloc_irq_vectors(struct pci_dev *dev, unsigned int least, unsigned int most, unsigned int flags)
{
	if (hp_fails("pci_alloc_irq_vectors", HERE))
		return -ENOSPC;
	return most;
}
int pci_alloc_irq_vectors_affinity(struct pci_dev *dev, unsigned int least, unsigned int most, unsigned int flags, struct irq_affinity *affinity)
{
	return hp_fails("pci_alloc_irq_vectors_affinity", HERE) ? -ENOSPC : most;
}
void pci_free_irq_vectors(struct pci_dev *dev) {}
int pci_irq_vector(struct pci_dev *dev, unsigned int number) { return FIRST_LINE + number % 16; }
int pci_read_config_byte(const struct pci_dev *dev, int at, u8 *value) { *value = hp_device_read(CONFIG_SPACE, at, 1, HERE); return 0; }
int pci_read_config_word(const struct pci_dev *dev, int at, u16 *value) { *value = hp_device_read(CONFIG_SPACE, at, 2, HERE); return 0; }
int pci_read_config_dword(const struct pci_dev *dev, int at, u32 *value) { *value = hp_device_read(CONFIG_SPACE, at, 4, HERE); return 0; }
int pci_write_config_byte(const struct pci_dev *dev, int at, u8 value) { hp_device_write(CONFIG_SPACE, at, 1, value, HERE); return 0; }
int pci_write_config_word(const struct pci_dev *dev, int at, u16 value) { hp_device_write(CONFIG_SPACE, at, 2, value, HERE); return 0; }
int pci_write_config_dword(const struct pci_dev *dev, int at, u32 value) { hp_device_write(CONFIG_SPACE, at, 4, value, HERE); return 0; }
void pci_clear_and_set_config_dword(const struct pci_dev *dev, int at, u32 clear, u32 set)
{
	u32 value = hp_device_read(CONFIG_SPACE, at, 4, HERE);

	hp_device_write(CONFIG_SPACE, at, 4, (value & ~clear) | set, HERE);
}
