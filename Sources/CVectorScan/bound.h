#ifndef CVS_BOUND_H
#define CVS_BOUND_H

#include <math.h>

#include "CVectorScan.h"

/// Turns the integer sums of a group into bounds and returns the highest. Every kernel rounds in the same places; the
/// compiler turns the loops into vector code for the caller's target.
static inline __attribute__((always_inline)) float cvs_bound_group(const struct cvs_query *query, const uint32_t *sums,
                                                                   const float *scales, const float *spreads,
                                                                   float *bounds) {
#pragma clang fp contract(off) reassociate(off)
    enum { lane_count = 16 };
    const float factor = query->factor, offset = query->offset, reach = query->reach;
    float highest[lane_count];
    for (size_t lane = 0; lane < lane_count; lane++) {
        highest[lane] = -INFINITY;
    }
    for (size_t row = 0; row < CVS_GROUP_ROWS; row += lane_count) {
        for (size_t lane = 0; lane < lane_count; lane++) {
            const float sum = (float)(int32_t)sums[row + lane];
            const float bound = scales[row + lane] * (factor * sum + offset) + reach * spreads[row + lane];
            bounds[row + lane] = bound;
            highest[lane] = bound > highest[lane] ? bound : highest[lane];
        }
    }
    for (size_t width = lane_count / 2; width > 0; width /= 2) {
        for (size_t lane = 0; lane < width; lane++) {
            highest[lane] = highest[lane] > highest[lane + width] ? highest[lane] : highest[lane + width];
        }
    }
    return highest[0];
}

#endif
