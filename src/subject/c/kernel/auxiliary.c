/* SPDX-License-Identifier: MIT */
/* The auxiliary bus: one device, with the name that a driver wants. */
#include "hp.h"
#if SINCE(5, 11)
#include <linux/auxiliary_bus.h>

static struct auxiliary_driver *auxiliary_driver;
static struct auxiliary_device auxiliary;

int hp_register_auxiliary(struct auxiliary_driver *driver, struct module *owner, const char *name) NAMED(__auxiliary_driver_register);
int hp_register_auxiliary(struct auxiliary_driver *driver, struct module *owner, const char *name)
{
	if (hp_fails("auxiliary_driver_register", HERE))
		return -ENOMEM;
	hp_hold("a registered driver", driver, HERE);
	auxiliary_driver = driver;
	return 0;
}
void hp_unregister_auxiliary(struct auxiliary_driver *driver) NAMED(auxiliary_driver_unregister);
static bool remove_auxiliary(void);
void hp_unregister_auxiliary(struct auxiliary_driver *driver)
{
	remove_auxiliary();
	hp_let_go("a registered driver", driver);
	auxiliary_driver = NULL;
}

/* The name of the n-th entry of the driver's table, or NULL. */
static const char *match_auxiliary(int number)
{
	const struct auxiliary_device_id *id = auxiliary_driver ? auxiliary_driver->id_table : NULL;

	for (; id && id->name[0]; id++)
		if (number-- == 0)
			return id->name;
	return NULL;
}

static int probe_auxiliary(int number)
{
	const struct auxiliary_device_id *id = &auxiliary_driver->id_table[number];
	int error;

	device_make(&auxiliary.dev, id->name);
	auxiliary.name = id->name;
	auxiliary.dev.driver = &auxiliary_driver->driver;
	start_binding();
	error = auxiliary_driver->probe(&auxiliary, id);
	if (error)
		hp_devres_release_all(&auxiliary.dev), auxiliary.dev.driver = NULL;
	end_binding(error, auxiliary_driver->probe);
	return error;
}

/* False if no device of this bus is bound. */
static bool remove_auxiliary(void)
{
	if (!auxiliary.dev.driver)
		return false;
	if (auxiliary_driver->remove)
		auxiliary_driver->remove(&auxiliary);
	hp_devres_release_all(&auxiliary.dev);
	auxiliary.dev.driver = NULL;
	return true;
}
#else
static bool remove_auxiliary(void) { return false; }
static const char *match_auxiliary(int number) { return NULL; }
static int probe_auxiliary(int number) { return -ENODEV; }
#endif
