#include <math.h>

#include "kernels.h"
#include "rounding.h"

int cvs_has_kernel(enum cvs_kernel kernel) {
    switch (kernel) {
    case cvs_kernel_portable:
        return 1;
    case cvs_kernel_neon:
#if defined(__aarch64__)
        return 1;
#else
        return 0;
#endif
    case cvs_kernel_avx2:
#if defined(__x86_64__)
        return __builtin_cpu_supports("avx2") != 0;
#else
        return 0;
#endif
    case cvs_kernel_avx512_vnni:
#if defined(__x86_64__)
        return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl");
#else
        return 0;
#endif
    }
    return 0;
}

enum cvs_kernel cvs_best_kernel(void) {
    static const enum cvs_kernel fastest_first[] = {cvs_kernel_avx512_vnni, cvs_kernel_avx2, cvs_kernel_neon};
    for (size_t index = 0; index < sizeof fastest_first / sizeof *fastest_first; index++) {
        if (cvs_has_kernel(fastest_first[index])) {
            return fastest_first[index];
        }
    }
    return cvs_kernel_portable;
}

static cvs_sums_function sums_function(enum cvs_kernel kernel) {
#if defined(__x86_64__)
    if (kernel == cvs_kernel_avx512_vnni) {
        return cvs_sums_avx512_vnni;
    }
    if (kernel == cvs_kernel_avx2) {
        return cvs_sums_avx2;
    }
#endif
#if defined(__aarch64__)
    if (kernel == cvs_kernel_neon) {
        return cvs_sums_neon;
    }
#endif
    (void)kernel;
    return cvs_sums_portable;
}

float cvs_dot(enum cvs_kernel kernel, const float *left, const float *right, size_t dimension) {
#if defined(__x86_64__)
    if (kernel == cvs_kernel_avx512_vnni) {
        return cvs_dot_avx512(left, right, dimension);
    }
    if (kernel == cvs_kernel_avx2) {
        return cvs_dot_avx2(left, right, dimension);
    }
#endif
    (void)kernel;
    return cvs_dot_portable(left, right, dimension);
}

/// Turns the integer sums of a group into upper bounds and returns the highest.
static float bound_group(const struct cvs_query *query, const struct cvs_rows *rows, size_t first, size_t count,
                         const int32_t *sums, uint64_t allowed, float *bounds) {
    const float slack = query->error + cvs_slack(query->dimension) * query->norm;
    const float factor = query->factor, offset = query->offset;
    const float reach = query->norm * 1.00001f;
    for (size_t row = 0; row < count; row++) {
        const size_t place = first + row;
        bounds[place] = rows->scales[place] * (factor * (float)sums[row] + offset) + reach * rows->errors[place] +
                        slack * rows->norms[place];
    }
    float highest = -INFINITY;
    for (size_t row = 0; row < count; row++) {
        const float bound = (allowed >> row) & 1 ? bounds[first + row] : -INFINITY;
        bounds[first + row] = bound;
        highest = bound > highest ? bound : highest;
    }
    return highest;
}

void cvs_scan(enum cvs_kernel kernel, const struct cvs_query *query, const struct cvs_rows *rows,
              const uint64_t *allowed, float *bounds, float *group_maxima) {
    const cvs_sums_function sum = sums_function(kernel);
    const size_t blocks = cvs_padded_dimension(query->dimension) / CVS_BLOCK_DIMENSIONS;
    int32_t sums[CVS_GROUP_ROWS];
    for (size_t first = 0; first < rows->count; first += CVS_GROUP_ROWS) {
        const size_t rest = rows->count - first;
        const size_t count = rest < CVS_GROUP_ROWS ? rest : CVS_GROUP_ROWS;
        const uint64_t word = allowed ? allowed[first / CVS_GROUP_ROWS] : UINT64_MAX;
        if (word == 0) {
            for (size_t row = 0; row < count; row++) {
                bounds[first + row] = -INFINITY;
            }
            group_maxima[first / CVS_GROUP_ROWS] = -INFINITY;
            continue;
        }
        sum(rows->codes + first * blocks * 64, count, blocks, query->code, sums);
        group_maxima[first / CVS_GROUP_ROWS] = bound_group(query, rows, first, count, sums, word, bounds);
    }
}
