#ifndef CVS_FINE_H
#define CVS_FINE_H

#include <stddef.h>
#include <stdint.h>

/// Integers only: the sum is the same whatever the compiler makes of it for the caller's target.
static inline __attribute__((always_inline)) int32_t cvs_fine_sum(const int8_t *row, const int16_t *query,
                                                                  size_t dimension) {
    int32_t sum = 0;
    for (size_t index = 0; index < dimension; index++) {
        sum += (int32_t)row[index] * query[index];
    }
    return sum;
}

#endif
