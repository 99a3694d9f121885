#ifndef CVS_DOT_H
#define CVS_DOT_H

#include <stddef.h>

/// Adds products up in 32 lanes and then pairwise, without fused multiply-add, so that every instruction set
/// rounds in the same places. The compiler turns the inner loops into vector code for the caller's target.
static inline __attribute__((always_inline)) float cvs_dot_in_lanes(const float *left, const float *right,
                                                                    size_t dimension) {
#pragma clang fp contract(off) reassociate(off)
    enum { lane_count = 32 };
    float lanes[lane_count] = {0};
    size_t index = 0;
    for (; index + lane_count <= dimension; index += lane_count) {
        for (size_t lane = 0; lane < lane_count; lane++) {
            lanes[lane] += left[index + lane] * right[index + lane];
        }
    }
    for (size_t lane = 0; index + lane < dimension; lane++) {
        lanes[lane] += left[index + lane] * right[index + lane];
    }
    for (size_t width = lane_count / 2; width > 0; width /= 2) {
        for (size_t lane = 0; lane < width; lane++) {
            lanes[lane] += lanes[lane + width];
        }
    }
    return lanes[0];
}

#endif
