/* SPDX-License-Identifier: MIT */
/* What a device gives back by itself, last first. */
#include "hp.h"

struct devres { struct device *device; void (*release)(void *); void *data; struct devres *older; };
static struct devres *resources;

void hp_devres_add(struct device *device, void (*release)(void *), void *data)
{
	struct devres *one = hp_alloc(sizeof(*one));

	*one = (struct devres){ device, release, data, resources };
	resources = one;
}

static void release_where(struct device *device, void (*release)(void *), void *data, bool all)
{
	for (struct devres **at = &resources; *at;) {
		struct devres *one = *at;

		if (one->device != device || (!all && (one->release != release || one->data != data))) {
			at = &one->older;
			continue;
		}
		moment();
		*at = one->older;
		one->release(one->data);
		hp_free(one);
		if (!all)
			return;
	}
}

void hp_devres_release(struct device *device, void (*release)(void *), void *data) { release_where(device, release, data, false); }
void hp_devres_release_all(struct device *device) { release_where(device, NULL, NULL, true); }

static void release_memory(void *data) { hp_free(data); }

static void *devm_allocate(struct device *device, size_t size, const void *from)
{
	void *at;

	hp_sleeps(from, "devm_kmalloc");
	if (!size)
		return ZERO_SIZE_PTR;
	at = hp_fails("an allocation", from) ? NULL : hp_alloc(size);
	if (at)
		hp_devres_add(device, release_memory, at);
	return at;
}
void *devm_kmalloc(struct device *device, size_t size, gfp_t flags) { return devm_allocate(device, size, HERE); }
void devm_kfree(struct device *device, const void *at) { hp_devres_release(device, release_memory, (void *)at); }
void *hp_devm_kmemdup(struct device *device, const void *from, size_t size, gfp_t flags) NAMED(devm_kmemdup);
void *hp_devm_kmemdup(struct device *device, const void *from, size_t size, gfp_t flags)
{
	void *at = devm_allocate(device, size, HERE);

	return at ? memcpy(at, from, size) : NULL;
}
void *hp_devm_krealloc(struct device *device, void *old, size_t size, gfp_t flags) NAMED(devm_krealloc);
void *hp_devm_krealloc(struct device *device, void *old, size_t size, gfp_t flags)
{
	struct chunk *chunk = chunk_of(old);
	void *at = devm_allocate(device, size, HERE);

	if (at && chunk) {
		memcpy(at, old, min(size, (size_t)chunk->size - sizeof(*chunk)));
		devm_kfree(device, old);
	}
	return at;
}
static char *devm_text(struct device *device, const char *text, const void *from)
{
	char *copy = text ? devm_allocate(device, strlen(text) + 1, from) : NULL;

	return copy ? strcpy(copy, text) : NULL;
}
char *devm_kstrdup(struct device *device, const char *text, gfp_t flags) { return devm_text(device, text, HERE); }
const char *devm_kstrdup_const(struct device *device, const char *text, gfp_t flags) { return devm_text(device, text, HERE); }
static char *devm_printed(struct device *device, const char *format, va_list arguments, const void *from)
{
	char buffer[512];

	hp_vscnprintf(buffer, sizeof(buffer), format, arguments);
	return devm_text(device, buffer, from);
}
char *devm_kvasprintf(struct device *device, gfp_t flags, const char *format, va_list arguments) { return devm_printed(device, format, arguments, HERE); }
char *devm_kasprintf(struct device *device, gfp_t flags, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = devm_printed(device, format, arguments, HERE);
	va_end(arguments);
	return text;
}
unsigned long *hp_devm_bitmap_zalloc(struct device *device, unsigned int bits, gfp_t flags) NAMED(devm_bitmap_zalloc);
unsigned long *hp_devm_bitmap_zalloc(struct device *device, unsigned int bits, gfp_t flags)
{
	return devm_allocate(device, BITS_TO_LONGS(bits) * sizeof(long), HERE);
}

struct action { void (*function)(void *); void *data; };
static void run_action(void *data)
{
	struct action action = *(struct action *)data;

	hp_free(data);
	action.function(action.data);
}
int hp_devm_add_action(struct device *device, void (*function)(void *), void *data, const char *name) NAMED(__devm_add_action);
static int add_action(struct device *device, void (*function)(void *), void *data, const void *from)
{
	struct action *action;

	if (hp_fails("devm_add_action", from))
		return -ENOMEM;
	action = hp_alloc(sizeof(*action));
	*action = (struct action){ function, data };
	hp_devres_add(device, run_action, action);
	return 0;
}
int hp_devm_add_action(struct device *device, void (*function)(void *), void *data, const char *name) { return add_action(device, function, data, HERE); }
int hp_devm_add_action_old(struct device *device, void (*function)(void *), void *data) NAMED(devm_add_action);
int hp_devm_add_action_old(struct device *device, void (*function)(void *), void *data) { return add_action(device, function, data, HERE); }
void devm_release_action(struct device *device, void (*function)(void *), void *data)
{
	for (struct devres **at = &resources; *at; at = &(*at)->older) {
		struct action *action = (*at)->data;

		if ((*at)->device == device && (*at)->release == run_action && action->function == function && action->data == data) {
			struct devres *one = *at;

			*at = one->older;
			run_action(action);
			hp_free(one);
			return;
		}
	}
}
