#include <math.h>
#include <string.h>

#include "CVectorScan.h"
#include "kernels.h"

size_t cvs_code_bytes(size_t dimension) {
    return (dimension + 31) / 32 * 4;
}

size_t cvs_table_bytes(size_t dimension) {
    return cvs_code_bytes(dimension) * CVS_TABLES_PER_BYTE * CVS_TABLE_ENTRIES;
}

struct cvs_row_facts cvs_encode_row(const float *rotated, size_t dimension, uint8_t *block, size_t row) {
    double sum = 0, squares = 0;
    for (size_t byte = 0; byte < cvs_code_bytes(dimension); byte++) {
        uint8_t code = 0;
        for (size_t bit = 0; bit < 8 && byte * 8 + bit < dimension; bit++) {
            const double value = rotated[byte * 8 + bit];
            sum += fabs(value);
            squares += value * value;
            code |= (uint8_t)((value > 0) << bit);
        }
        block[byte * CVS_BLOCK_ROWS + row] = code;
    }
    if (sum == 0) {
        return (struct cvs_row_facts){0, 0};
    }
    const double length = sqrt(squares);
    const double aligned = sum / (sqrt((double)dimension) * length);
    const double deviation = sqrt(fmax(0, 1 - aligned * aligned) / fmax(1, (double)dimension - 1)) / aligned;
    // The rest is room for the rounding of sums and scores.
    return (struct cvs_row_facts){.scale = (float)(squares / sum), .spread = (float)(length * (deviation + 1e-5))};
}

/// The sum of four components, each with the sign that a bit of `signs` gives.
static double signed_sum(const float *rotated, size_t dimension, size_t first, unsigned signs) {
    double sum = 0;
    for (size_t bit = 0; bit < 4 && first + bit < dimension; bit++) {
        sum += (signs >> bit) & 1 ? rotated[first + bit] : -rotated[first + bit];
    }
    return sum;
}

struct cvs_query cvs_encode_query(const float *rotated, size_t dimension, uint8_t *tables) {
    const size_t count = cvs_code_bytes(dimension) * CVS_TABLES_PER_BYTE;
    double longest = 0, squares = 0;
    for (size_t table = 0; table < count; table++) {
        double length = 0;
        for (size_t index = table * 4; index < table * 4 + 4 && index < dimension; index++) {
            length += fabs(rotated[index]);
            squares += (double)rotated[index] * rotated[index];
        }
        longest = fmax(longest, length);
    }
    const double step = longest / CVS_TABLE_MIDDLE;
    for (size_t table = 0; table < count; table++) {
        for (unsigned signs = 0; signs < CVS_TABLE_ENTRIES; signs++) {
            const double sum = signed_sum(rotated, dimension, table * 4, signs);
            const double entry = step == 0 ? CVS_TABLE_MIDDLE : rint(sum / step) + CVS_TABLE_MIDDLE;
            tables[table * CVS_TABLE_ENTRIES + signs] = (uint8_t)fmax(0, fmin(2 * CVS_TABLE_MIDDLE, entry));
        }
    }
    // What the rounding of the entries adds up to: half a step each at most, and hardly ever all the same way.
    const double rounding = fmin(0.5 * (double)count, CVS_DEVIATIONS * sqrt((double)count / 12));
    return (struct cvs_query){
        .tables = tables,
        .dimension = dimension,
        .factor = (float)step,
        .offset = (float)(step * (rounding - CVS_TABLE_MIDDLE * (double)count)),
        .reach = (float)(CVS_DEVIATIONS * sqrt(squares)),
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
