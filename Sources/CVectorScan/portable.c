#include "dot.h"
#include "kernels.h"

void cvs_sums_portable(const uint8_t *codes, size_t count, size_t blocks, const int8_t *query, int32_t *sums) {
    for (size_t row = 0; row < count; row++) {
        int32_t sum = 0;
        for (size_t block = 0; block < blocks; block++) {
            const uint8_t *code = codes + (row * blocks + block) * 64;
            const int8_t *low = query + block * CVS_BLOCK_DIMENSIONS;
            const int8_t *high = low + 64;
            for (size_t byte = 0; byte < 64; byte++) {
                sum += (code[byte] & 15) * low[byte] + (code[byte] >> 4) * high[byte];
            }
        }
        sums[row] = sum;
    }
}

float cvs_dot_portable(const float *left, const float *right, size_t dimension) {
    return cvs_dot_in_lanes(left, right, dimension);
}
