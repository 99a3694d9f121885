#include <math.h>

#include "CVectorScan.h"

/// Turns `count` components, a power of two: the fast Walsh-Hadamard transform.
static void mix(float *values, size_t count) {
#pragma clang fp contract(off) reassociate(off)
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            for (size_t index = start; index < start + width; index++) {
                const float left = values[index], right = values[index + width];
                values[index] = left + right;
                values[index + width] = left - right;
            }
        }
    }
    const float scale = 1 / sqrtf((float)count);
    for (size_t index = 0; index < count; index++) {
        values[index] *= scale;
    }
}

void cvs_rotate(float *vector, size_t dimension) {
    size_t power = 1;
    while (power * 2 <= dimension) {
        power *= 2;
    }
    // Signs from a generator of numbers that never changes (SplitMix64); the first components take part in two of the
    // four rounds, the last in the other two, those in the middle in all.
    uint64_t state = 0x9E3779B97F4A7C15u;
    for (int round = 0; round < 4; round++) {
        for (size_t index = 0; index < dimension; index++) {
            state += 0x9E3779B97F4A7C15u;
            const uint64_t mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9u;
            vector[index] = (mixed ^ (mixed >> 27)) >> 63 ? -vector[index] : vector[index];
        }
        mix(round % 2 == 0 ? vector : vector + (dimension - power), power);
    }
}
