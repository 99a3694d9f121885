#include <math.h>
#include <string.h>

#include "fine.h"
#include "kernels.h"
#include "rounding.h"

/// What precedes the codes of a row.
struct fine_facts {
    float scale;
    float error;
    float norm;
    float unused;
};

size_t cvs_fine_bytes(size_t dimension) {
    return sizeof(struct fine_facts) + (dimension + 15) / 16 * 16;
}

static double longest_component(const float *vector, size_t dimension) {
    double longest = 0;
    for (size_t index = 0; index < dimension; index++) {
        longest = fmax(longest, fabs(vector[index]));
    }
    return longest;
}

void cvs_encode_fine_row(const float *vector, size_t dimension, uint8_t *record) {
    memset(record, 0, cvs_fine_bytes(dimension));
    int8_t *code = (int8_t *)(record + sizeof(struct fine_facts));
    const float scale = (float)(longest_component(vector, dimension) / 127);
    double error = 0, norm = 0;
    for (size_t index = 0; index < dimension; index++) {
        const double step = scale == 0 ? 0 : fmax(-127, fmin(127, rint(vector[index] / (double)scale)));
        const double coded = scale * step;
        error += (vector[index] - coded) * (vector[index] - coded);
        norm += coded * coded;
        code[index] = (int8_t)step;
    }
    const struct fine_facts facts = {
        .scale = scale, .error = cvs_rounded_up(sqrt(error)), .norm = cvs_rounded_up(sqrt(norm)), .unused = 0};
    memcpy(record, &facts, sizeof facts);
}

struct cvs_fine_query cvs_encode_fine_query(const float *vector, size_t dimension, int16_t *code) {
    // As fine as a sum of `dimension` products in 32 bits allows.
    const double levels = fmax(1, fmin(4095, floor(2147483647.0 / 127 / (double)dimension)));
    const double scale = longest_component(vector, dimension) / levels;
    double error = 0, norm = 0;
    for (size_t index = 0; index < dimension; index++) {
        const double step = scale == 0 ? 0 : fmax(-levels, fmin(levels, rint(vector[index] / scale)));
        const double rest = vector[index] - scale * step;
        error += rest * rest;
        norm += (double)vector[index] * vector[index];
        code[index] = (int16_t)step;
    }
    return (struct cvs_fine_query){
        .code = code,
        .dimension = dimension,
        .factor = (float)scale,
        .norm = cvs_rounded_up(sqrt(norm)),
        .error = cvs_rounded_up(sqrt(error)),
    };
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static int32_t sum_avx2(const int8_t *row, const int16_t *query, size_t dimension) {
    return cvs_fine_sum(row, query, dimension);
}
#endif

struct cvs_interval cvs_fine_bounds(enum cvs_kernel kernel, const struct cvs_fine_query *query,
                                    const uint8_t *record) {
    struct fine_facts facts;
    memcpy(&facts, record, sizeof facts);
    const int8_t *code = (const int8_t *)(record + sizeof facts);
#if defined(__x86_64__)
    const int32_t sum = kernel == cvs_kernel_portable ? cvs_fine_sum(code, query->code, query->dimension)
                                                      : sum_avx2(code, query->code, query->dimension);
#else
    (void)kernel;
    const int32_t sum = cvs_fine_sum(code, query->code, query->dimension);
#endif
    const float middle = facts.scale * (query->factor * (float)sum);
    const float error = query->norm * 1.00001f * facts.error +
                        (query->error + cvs_slack(query->dimension) * query->norm) * facts.norm;
    return (struct cvs_interval){.lowest = middle - error, .highest = middle + error};
}

void cvs_prefetch_fine_row(const uint8_t *record, size_t dimension) {
    for (size_t byte = 0; byte < cvs_fine_bytes(dimension); byte += 64) {
        __builtin_prefetch(record + byte);
    }
}
