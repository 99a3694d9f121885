#include <math.h>

#include "kernels.h"

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
    }
    return 0;
}

enum cvs_kernel cvs_best_kernel(void) {
    if (cvs_has_kernel(cvs_kernel_avx2)) {
        return cvs_kernel_avx2;
    }
    return cvs_has_kernel(cvs_kernel_neon) ? cvs_kernel_neon : cvs_kernel_portable;
}

static cvs_group_function group_function(enum cvs_kernel kernel) {
#if defined(__x86_64__)
    if (kernel == cvs_kernel_avx2) {
        return cvs_group_avx2;
    }
#endif
#if defined(__aarch64__)
    if (kernel == cvs_kernel_neon) {
        return cvs_group_neon;
    }
#endif
    (void)kernel;
    return cvs_group_portable;
}

float cvs_dot(enum cvs_kernel kernel, const float *left, const float *right, size_t dimension) {
#if defined(__x86_64__)
    if (kernel == cvs_kernel_avx2) {
        return cvs_dot_avx2(left, right, dimension);
    }
#endif
    (void)kernel;
    return cvs_dot_portable(left, right, dimension);
}

/// Takes the rows that are not allowed out of a group's bounds and returns the highest that is left.
static float keep_allowed(float *bounds, uint64_t allowed) {
    float highest = -INFINITY;
    for (size_t row = 0; row < CVS_GROUP_ROWS; row++) {
        bounds[row] = (allowed >> row) & 1 ? bounds[row] : -INFINITY;
        highest = bounds[row] > highest ? bounds[row] : highest;
    }
    return highest;
}

void cvs_scan(enum cvs_kernel kernel, const struct cvs_query *query, const struct cvs_rows *rows,
              const uint64_t *allowed, float *bounds, float *group_maxima) {
    const cvs_group_function bound_group = group_function(kernel);
    const size_t bytes = cvs_code_bytes(query->dimension);
    for (size_t first = 0; first < rows->count; first += CVS_GROUP_ROWS) {
        const size_t group = first / CVS_GROUP_ROWS, rest = rows->count - first;
        uint64_t word = allowed ? allowed[group] : UINT64_MAX;
        if (rest < CVS_GROUP_ROWS) {
            word &= (UINT64_C(1) << rest) - 1;
        }
        if (word == 0) {
            keep_allowed(bounds + first, 0);
            group_maxima[group] = -INFINITY;
            continue;
        }
        group_maxima[group] = bound_group(query, bytes, rows->codes + first * bytes, rows->scales + first,
                                          rows->spreads + first, bounds + first);
        if (word != UINT64_MAX) {
            group_maxima[group] = keep_allowed(bounds + first, word);
        }
    }
}
