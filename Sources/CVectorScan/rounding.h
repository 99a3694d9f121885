#ifndef CVS_ROUNDING_H
#define CVS_ROUNDING_H

#include <math.h>
#include <stddef.h>

/// The next float that is certainly not below `value`, with room for the rounding of whoever computed it.
static inline float cvs_rounded_up(double value) {
    return nextafterf((float)(value * (1 + 1e-7)), INFINITY);
}

/// What rounding can add to a score, as a part of |q| |x|: to the bound's own few operations, and to the exact score,
/// which adds dimension / 32 products per lane.
static inline float cvs_slack(size_t dimension) {
    return 1e-5f + 2e-7f * (float)(dimension / 32);
}

#endif
