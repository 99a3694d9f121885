#include <math.h>
#include <string.h>

#include "CVectorScan.h"
#include "rounding.h"

size_t cvs_padded_dimension(size_t dimension) {
    return (dimension + CVS_BLOCK_DIMENSIONS - 1) / CVS_BLOCK_DIMENSIONS * CVS_BLOCK_DIMENSIONS;
}

size_t cvs_code_bytes(size_t dimension) {
    return cvs_padded_dimension(dimension) / 2;
}

static int level(double value, double scale) {
    if (scale == 0) {
        return 0;
    }
    const double step = value / scale + 8;
    return step < 0 ? 0 : step > 15 ? 15 : (int)step;
}

static double squared_error(const float *vector, size_t dimension, double scale) {
    double sum = 0;
    for (size_t index = 0; index < dimension; index++) {
        double rest = vector[index] - scale * (level(vector[index], scale) - 7.5);
        sum += rest * rest;
    }
    return sum;
}

/// The scale that gives the smallest error: clipping the few longest components makes all others finer.
static float best_scale(const float *vector, size_t dimension) {
    double longest = 0;
    for (size_t index = 0; index < dimension; index++) {
        longest = fmax(longest, fabs(vector[index]));
    }
    double best = longest / 7.5, least = INFINITY;
    for (int step = 0; step < 10; step++) {
        double scale = longest / 7.5 * (1 - 0.06 * step);
        double error = squared_error(vector, dimension, scale);
        if (error < least) {
            least = error;
            best = scale;
        }
    }
    return (float)best;
}

struct cvs_row_facts cvs_encode_row(const float *vector, size_t dimension, uint8_t *code) {
    const float scale = best_scale(vector, dimension);
    double error = 0, norm = 0;
    memset(code, 0, cvs_code_bytes(dimension));
    for (size_t index = 0; index < dimension; index++) {
        const int step = level(vector[index], scale);
        const double coded = (double)scale * (step - 7.5);
        const double rest = vector[index] - coded;
        error += rest * rest;
        norm += coded * coded;
        const size_t place = index % CVS_BLOCK_DIMENSIONS;
        code[index / CVS_BLOCK_DIMENSIONS * 64 + place % 64] |= (uint8_t)(place < 64 ? step : step << 4);
    }
    return (struct cvs_row_facts){
        .scale = scale, .error = cvs_rounded_up(sqrt(error)), .norm = cvs_rounded_up(sqrt(norm))};
}

struct cvs_query cvs_encode_query(const float *vector, size_t dimension, int8_t *code) {
    memset(code, 0, cvs_padded_dimension(dimension));
    double longest = 0, norm = 0, error = 0, sum = 0;
    for (size_t index = 0; index < dimension; index++) {
        longest = fmax(longest, fabs(vector[index]));
    }
    const double scale = longest / 127;
    for (size_t index = 0; index < dimension; index++) {
        const double value = vector[index];
        const double step = scale == 0 ? 0 : fmax(-127, fmin(127, rint(value / scale)));
        const double rest = value - scale * step;
        code[index] = (int8_t)step;
        sum += step;
        norm += value * value;
        error += rest * rest;
    }
    return (struct cvs_query){
        .code = code,
        .dimension = dimension,
        .factor = (float)scale,
        .offset = (float)(-7.5 * scale * sum),
        .norm = cvs_rounded_up(sqrt(norm)),
        .error = cvs_rounded_up(sqrt(error)),
    };
}

uint32_t cvs_checksum(const float *vector, size_t dimension, uint64_t seed) {
    uint64_t state = seed * 0x9E3779B97F4A7C15u + 0xD1B54A32D192ED03u;
    for (size_t index = 0; index < dimension; index++) {
        uint32_t bits;
        memcpy(&bits, vector + index, sizeof bits);
        state = (state ^ bits) * 0xFF51AFD7ED558CCDu;
        state ^= state >> 29;
    }
    return (uint32_t)(state >> 32);
}
