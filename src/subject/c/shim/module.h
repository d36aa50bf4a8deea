/* SPDX-License-Identifier: MIT */
/* module.h, export.h: what a driver says of itself, and to others. */
#ifndef HARTPROOF_MODULE_H
#define HARTPROOF_MODULE_H

#define EXPORT_SYMBOL(symbol)
#define EXPORT_SYMBOL_GPL(symbol)
#define MODULE_LICENSE(text)
#define MODULE_AUTHOR(text)
#define MODULE_DESCRIPTION(text)
#define MODULE_ALIAS(text)
#define MODULE_VERSION(text)
#define MODULE_DEVICE_TABLE(type, name)
#define MODULE_PARM_DESC(name, text)
#define module_param(name, type, mode)
#define module_param_named(name, variable, type, mode)
#define THIS_MODULE ((struct module *)0)
#define KBUILD_MODNAME "driver"
#define try_module_get(module) ((void)(module), true)
#define module_put(module) ((void)(module))

#endif
