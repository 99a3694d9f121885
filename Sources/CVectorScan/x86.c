#if defined(__x86_64__)

#include <immintrin.h>

#include "dot.h"
#include "kernels.h"

__attribute__((target("avx2"))) float cvs_dot_avx2(const float *left, const float *right, size_t dimension) {
    return cvs_dot_in_lanes(left, right, dimension);
}

__attribute__((target("avx512f,avx512vl,prefer-256-bit"))) float cvs_dot_avx512(const float *left, const float *right,
                                                                                size_t dimension) {
    return cvs_dot_in_lanes(left, right, dimension);
}

__attribute__((target("avx2"))) void cvs_sums_avx2(const uint8_t *codes, size_t count, size_t blocks,
                                                   const int8_t *query, int32_t *sums) {
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i ones = _mm256_set1_epi16(1);
    for (size_t row = 0; row < count; row++) {
        const __m256i *code = (const __m256i *)(codes + row * blocks * 64);
        __m256i total = _mm256_setzero_si256();
        for (size_t block = 0; block < blocks; block++) {
            const __m256i *part = (const __m256i *)(query + block * CVS_BLOCK_DIMENSIONS);
            // 4 products of at most 2 * 15 * 127 each fit 16 bits.
            __m256i first = _mm256_loadu_si256(code + block * 2);
            __m256i second = _mm256_loadu_si256(code + block * 2 + 1);
            __m256i sum = _mm256_maddubs_epi16(_mm256_and_si256(first, nibble), _mm256_loadu_si256(part));
            sum = _mm256_add_epi16(
                sum, _mm256_maddubs_epi16(_mm256_and_si256(second, nibble), _mm256_loadu_si256(part + 1)));
            first = _mm256_and_si256(_mm256_srli_epi16(first, 4), nibble);
            second = _mm256_and_si256(_mm256_srli_epi16(second, 4), nibble);
            sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(first, _mm256_loadu_si256(part + 2)));
            sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(second, _mm256_loadu_si256(part + 3)));
            total = _mm256_add_epi32(total, _mm256_madd_epi16(sum, ones));
        }
        __m128i half = _mm_add_epi32(_mm256_castsi256_si128(total), _mm256_extracti128_si256(total, 1));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
        sums[row] = _mm_cvtsi128_si32(half);
    }
}

/// Four sums of sixteen lanes each, in one register.
__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"), always_inline)) static inline __m128i
sum_lanes(__m512i first, __m512i second, __m512i third, __m512i fourth) {
    __m512i left = _mm512_add_epi32(_mm512_unpacklo_epi32(first, second), _mm512_unpackhi_epi32(first, second));
    __m512i right = _mm512_add_epi32(_mm512_unpacklo_epi32(third, fourth), _mm512_unpackhi_epi32(third, fourth));
    __m512i all = _mm512_add_epi32(_mm512_unpacklo_epi64(left, right), _mm512_unpackhi_epi64(left, right));
    __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))) void cvs_sums_avx512_vnni(
    const uint8_t *codes, size_t count, size_t blocks, const int8_t *query, int32_t *sums) {
    const __m512i nibble = _mm512_set1_epi8(15);
    const size_t stride = blocks * 64;
    for (size_t row = 0; row < count; row += 4) {
        // A last group of fewer than four rows reads its first row again instead of reading past the end.
        const size_t rest = count - row;
        const uint8_t *code[4];
        for (size_t lane = 0; lane < 4; lane++) {
            code[lane] = codes + (row + (lane < rest ? lane : 0)) * stride;
        }
        __m512i total[4] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(),
                            _mm512_setzero_si512()};
        for (size_t block = 0; block < blocks; block++) {
            const __m512i low = _mm512_loadu_si512(query + block * CVS_BLOCK_DIMENSIONS);
            const __m512i high = _mm512_loadu_si512(query + block * CVS_BLOCK_DIMENSIONS + 64);
            for (size_t lane = 0; lane < 4; lane++) {
                const __m512i pair = _mm512_loadu_si512(code[lane] + block * 64);
                total[lane] = _mm512_dpbusd_epi32(total[lane], _mm512_and_si512(pair, nibble), low);
                total[lane] = _mm512_dpbusd_epi32(
                    total[lane], _mm512_and_si512(_mm512_srli_epi16(pair, 4), nibble), high);
            }
        }
        const __m128i four = sum_lanes(total[0], total[1], total[2], total[3]);
        if (rest >= 4) {
            _mm_storeu_si128((__m128i *)(sums + row), four);
        } else {
            _mm_mask_storeu_epi32(sums + row, (__mmask8)((1u << rest) - 1), four);
        }
    }
}

#endif
