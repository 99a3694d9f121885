#if defined(__aarch64__)

#include <arm_neon.h>

#include "kernels.h"

void cvs_sums_neon(const uint8_t *codes, size_t count, size_t blocks, const int8_t *query, int32_t *sums) {
    const uint8x16_t nibble = vdupq_n_u8(15);
    for (size_t row = 0; row < count; row++) {
        const uint8_t *code = codes + row * blocks * 64;
        int32x4_t total = vdupq_n_s32(0);
        for (size_t block = 0; block < blocks; block++) {
            for (size_t part = 0; part < 64; part += 16) {
                const uint8x16_t pair = vld1q_u8(code + block * 64 + part);
                const int8x16_t low = vreinterpretq_s8_u8(vandq_u8(pair, nibble));
                const int8x16_t high = vreinterpretq_s8_u8(vshrq_n_u8(pair, 4));
                const int8x16_t query_low = vld1q_s8(query + block * CVS_BLOCK_DIMENSIONS + part);
                const int8x16_t query_high = vld1q_s8(query + block * CVS_BLOCK_DIMENSIONS + 64 + part);
                total = vpadalq_s16(total, vmull_s8(vget_low_s8(low), vget_low_s8(query_low)));
                total = vpadalq_s16(total, vmull_high_s8(low, query_low));
                total = vpadalq_s16(total, vmull_s8(vget_low_s8(high), vget_low_s8(query_high)));
                total = vpadalq_s16(total, vmull_high_s8(high, query_high));
            }
        }
        sums[row] = vaddvq_s32(total);
    }
}

#endif
