/* SPDX-License-Identifier: MIT */
/* Clocks and resets: one of each, which may not be there yet; how often each was turned on is told when it is left. */
#include "hp.h"
#include <linux/clk.h>
#include <linux/reset.h>

enum { CLOCK_HZ = 100000000 };
/* What a driver gets is a number that is no address of its own: nobody looks into it. */
static long clock_line[2], reset_line[2];
static struct clk *const the_clock = (struct clk *)clock_line;
static struct reset_control *const the_reset = (struct reset_control *)reset_line;

static void *obtain(void *what, const char *name, const void *from)
{
	hp_sleeps(from, name);
	if (hp_defers(name, from))
		return ERR_PTR(-EPROBE_DEFER);
	return hp_fails(name, from) ? ERR_PTR(-ENOENT) : what;
}
static int turn_on(const void *line, const char *name, const char *what, const void *from)
{
	if (!line)
		return 0;
	if (hp_fails(name, from))
		return -EIO;
	hp_hold(what, line, from);
	return 0;
}
static void turn_off(const void *line, const char *what)
{
	if (line)
		hp_let_go(what, line);
}

static const char PREPARED[] = "a clock that is prepared", ENABLED[] = "a clock that is enabled", HELD[] = "a clock", DEASSERTED[] = "a reset that is deasserted";
static void put_clock(void *clk) { turn_off(clk, HELD); }
static void unprepare_clock(void *clk) { turn_off(clk, PREPARED); }
static void disable_clock(void *clk) { turn_off(clk, ENABLED); unprepare_clock(clk); }
static void assert_reset(void *reset) { turn_off(reset, DEASSERTED); }

struct clk *clk_get(struct device *device, const char *id)
{
	struct clk *clk = obtain(the_clock, "clk_get", HERE);

	if (!IS_ERR(clk))
		hp_hold(HELD, clk, HERE);
	return clk;
}
void clk_put(struct clk *clk) { hp_sleeps(HERE, "clk_put"); put_clock(clk); }
int clk_prepare(struct clk *clk) { hp_sleeps(HERE, "clk_prepare"); return turn_on(clk, "clk_prepare", PREPARED, HERE); }
void clk_unprepare(struct clk *clk) { hp_sleeps(HERE, "clk_unprepare"); unprepare_clock(clk); }
int clk_enable(struct clk *clk) { return turn_on(clk, "clk_enable", ENABLED, HERE); }
void clk_disable(struct clk *clk) { turn_off(clk, ENABLED); }
unsigned long clk_get_rate(struct clk *clk) { return clk ? CLOCK_HZ : 0; }
int clk_set_rate(struct clk *clk, unsigned long rate) { return hp_fails("clk_set_rate", HERE) ? -EINVAL : 0; }
long clk_round_rate(struct clk *clk, unsigned long rate) { return rate; }
void devm_clk_put(struct device *device, struct clk *clk) {}

/* Got for a device, and given back with it: as it is, prepared, or enabled. */
static struct clk *devm_clock(struct device *device, const char *name, const char *level, const void *from)
{
	struct clk *clk = obtain(the_clock, name, from);

	if (IS_ERR(clk) || !level)
		return clk;
	hp_hold(PREPARED, clk, from);
	if (level == ENABLED)
		hp_hold(ENABLED, clk, from);
	hp_devres_add(device, level == ENABLED ? disable_clock : unprepare_clock, clk);
	return clk;
}
#define DEVM_CLOCK(name, level) \
	struct clk *hp_##name(struct device *device, const char *id) NAMED(name); \
	struct clk *hp_##name(struct device *device, const char *id) { return devm_clock(device, #name, level, HERE); }
DEVM_CLOCK(devm_clk_get, NULL)
DEVM_CLOCK(devm_clk_get_optional, NULL)
DEVM_CLOCK(devm_clk_get_prepared, PREPARED)
DEVM_CLOCK(devm_clk_get_optional_prepared, PREPARED)
DEVM_CLOCK(devm_clk_get_enabled, ENABLED)
DEVM_CLOCK(devm_clk_get_optional_enabled, ENABLED)

/* What flags it takes hangs on the kernel. */
struct reset_control *hp_reset_get(struct device *device, const char *id, int index) NAMED(__devm_reset_control_get);
struct reset_control *hp_reset_get(struct device *device, const char *id, int index) { return obtain(the_reset, "devm_reset_control_get", HERE); }
int reset_control_deassert(struct reset_control *reset) { hp_sleeps(HERE, "reset_control_deassert"); return turn_on(reset, "reset_control_deassert", DEASSERTED, HERE); }
int reset_control_assert(struct reset_control *reset) { hp_sleeps(HERE, "reset_control_assert"); assert_reset(reset); return 0; }
int reset_control_reset(struct reset_control *reset) { return reset && hp_fails("reset_control_reset", HERE) ? -EIO : 0; }
