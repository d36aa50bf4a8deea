/* SPDX-License-Identifier: MIT */
/* Instructions are not replaced at run time: the first alternative is the one that runs. */
#ifndef HP_ALTERNATIVE_MACROS_H
#define HP_ALTERNATIVE_MACROS_H
#define ALTERNATIVE(old, ...) old
#define ALTERNATIVE_2(old, ...) old
#endif
