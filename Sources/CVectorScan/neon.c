#if defined(__aarch64__)

#include <arm_neon.h>

#include "bound.h"
#include "kernels.h"

/// The entries that a byte of 16 rows chooses of two tables.
static inline uint8x16_t look_up(const uint8_t *codes, const uint8_t *tables) {
    const uint8x16_t pairs = vld1q_u8(codes);
    return vaddq_u8(vqtbl1q_u8(vld1q_u8(tables), vandq_u8(pairs, vdupq_n_u8(15))),
                    vqtbl1q_u8(vld1q_u8(tables + CVS_TABLE_ENTRIES), vshrq_n_u8(pairs, 4)));
}

/// Adds the sums of 16 rows to `sums`; 16 bits hold what up to 1024 bytes of code add up to.
static inline void sum_half_block(const uint8_t *codes, size_t bytes, const uint8_t *tables, uint32_t *sums) {
    enum { table_bytes = CVS_TABLES_PER_BYTE * CVS_TABLE_ENTRIES };
    uint16x8_t low = vdupq_n_u16(0), high = vdupq_n_u16(0);
    for (size_t byte = 0; byte < bytes; byte += 4) {
        uint8x16_t sum = vdupq_n_u8(0);
        for (size_t part = byte; part < byte + 4; part++) {
            sum = vaddq_u8(sum, look_up(codes + part * CVS_BLOCK_ROWS, tables + part * table_bytes));
        }
        low = vaddw_u8(low, vget_low_u8(sum));
        high = vaddw_u8(high, vget_high_u8(sum));
    }
    vst1q_u32(sums, vaddw_u16(vld1q_u32(sums), vget_low_u16(low)));
    vst1q_u32(sums + 4, vaddw_u16(vld1q_u32(sums + 4), vget_high_u16(low)));
    vst1q_u32(sums + 8, vaddw_u16(vld1q_u32(sums + 8), vget_low_u16(high)));
    vst1q_u32(sums + 12, vaddw_u16(vld1q_u32(sums + 12), vget_high_u16(high)));
}

float cvs_group_neon(const struct cvs_query *query, size_t bytes, const uint8_t *codes, const float *scales,
                     const float *spreads, float *bounds) {
    enum { table_bytes = CVS_TABLES_PER_BYTE * CVS_TABLE_ENTRIES, most = 1024 };
    uint32_t sums[CVS_GROUP_ROWS] = {0};
    for (size_t row = 0; row < CVS_GROUP_ROWS; row += 16) {
        const uint8_t *first = codes + row / CVS_BLOCK_ROWS * bytes * CVS_BLOCK_ROWS + row % CVS_BLOCK_ROWS;
        for (size_t byte = 0; byte < bytes; byte += most) {
            sum_half_block(first + byte * CVS_BLOCK_ROWS, bytes - byte < most ? bytes - byte : most,
                           query->tables + byte * table_bytes, sums + row);
        }
    }
    return cvs_bound_group(query, sums, scales, spreads, bounds);
}

#endif
