#include "bound.h"
#include "dot.h"
#include "kernels.h"

float cvs_group_portable(const struct cvs_query *query, size_t bytes, const uint8_t *codes, const float *scales,
                         const float *spreads, float *bounds) {
    uint32_t sums[CVS_GROUP_ROWS] = {0};
    for (size_t row = 0; row < CVS_GROUP_ROWS; row++) {
        const uint8_t *code = codes + row / CVS_BLOCK_ROWS * bytes * CVS_BLOCK_ROWS + row % CVS_BLOCK_ROWS;
        for (size_t byte = 0; byte < bytes; byte++) {
            const uint8_t *tables = query->tables + byte * CVS_TABLES_PER_BYTE * CVS_TABLE_ENTRIES;
            const uint8_t pair = code[byte * CVS_BLOCK_ROWS];
            sums[row] += (uint32_t)tables[pair & 15] + tables[CVS_TABLE_ENTRIES + (pair >> 4)];
        }
    }
    return cvs_bound_group(query, sums, scales, spreads, bounds);
}

float cvs_dot_portable(const float *left, const float *right, size_t dimension) {
    return cvs_dot_in_lanes(left, right, dimension);
}
