#if defined(__x86_64__)

#include <immintrin.h>

#include "bound.h"
#include "dot.h"
#include "kernels.h"

__attribute__((target("avx2"))) float cvs_dot_avx2(const float *left, const float *right, size_t dimension) {
    return cvs_dot_in_lanes(left, right, dimension);
}

/// The entries that a byte of 32 rows chooses of two tables.
__attribute__((target("avx2"), always_inline)) static inline __m256i look_up(const uint8_t *codes,
                                                                             const uint8_t *tables) {
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i pairs = _mm256_loadu_si256((const __m256i *)codes);
    const __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)tables));
    const __m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)tables + 1));
    return _mm256_add_epi8(_mm256_shuffle_epi8(low, _mm256_and_si256(pairs, nibble)),
                           _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(pairs, 4), nibble)));
}

/// Adds the sums of 32 rows to `sums`; 16 bits hold what up to 1024 bytes of code add up to.
__attribute__((target("avx2"), always_inline)) static inline void sum_block(const uint8_t *codes, size_t bytes,
                                                                            const uint8_t *tables, uint32_t *sums) {
    enum { table_bytes = CVS_TABLES_PER_BYTE * CVS_TABLE_ENTRIES };
    __m256i even = _mm256_setzero_si256(), odd = _mm256_setzero_si256();
    for (size_t byte = 0; byte < bytes; byte += 4) {
        const uint8_t *code = codes + byte * CVS_BLOCK_ROWS, *table = tables + byte * table_bytes;
        // The codes of the next pages are on their way while these are used.
        _mm_prefetch((const char *)code + 4096, _MM_HINT_T0);
        _mm_prefetch((const char *)code + 4096 + 64, _MM_HINT_T0);
        const __m256i first = _mm256_add_epi8(look_up(code, table), look_up(code + CVS_BLOCK_ROWS, table + table_bytes));
        const __m256i second = _mm256_add_epi8(look_up(code + 2 * CVS_BLOCK_ROWS, table + 2 * table_bytes),
                                               look_up(code + 3 * CVS_BLOCK_ROWS, table + 3 * table_bytes));
        const __m256i sum = _mm256_add_epi8(first, second);
        even = _mm256_add_epi16(even, sum);
        odd = _mm256_add_epi16(odd, _mm256_srli_epi16(sum, 8));
    }
    // What carried from the even bytes into the odd ones is taken back.
    even = _mm256_sub_epi16(even, _mm256_slli_epi16(odd, 8));
    const __m256i low = _mm256_unpacklo_epi16(even, odd), high = _mm256_unpackhi_epi16(even, odd);
    const __m128i eights[4] = {_mm256_castsi256_si128(low), _mm256_castsi256_si128(high),
                               _mm256_extracti128_si256(low, 1), _mm256_extracti128_si256(high, 1)};
    for (size_t eight = 0; eight < 4; eight++) {
        __m256i *target = (__m256i *)(sums + eight * 8);
        const __m256i wide = _mm256_cvtepu16_epi32(eights[eight]);
        _mm256_storeu_si256(target, _mm256_add_epi32(_mm256_loadu_si256(target), wide));
    }
}

__attribute__((target("avx2"))) float cvs_group_avx2(const struct cvs_query *query, size_t bytes,
                                                     const uint8_t *codes, const float *scales, const float *spreads,
                                                     float *bounds) {
    enum { table_bytes = CVS_TABLES_PER_BYTE * CVS_TABLE_ENTRIES, most = 1024 };
    uint32_t sums[CVS_GROUP_ROWS] = {0};
    for (size_t row = 0; row < CVS_GROUP_ROWS; row += CVS_BLOCK_ROWS) {
        for (size_t byte = 0; byte < bytes; byte += most) {
            sum_block(codes + row * bytes + byte * CVS_BLOCK_ROWS, bytes - byte < most ? bytes - byte : most,
                      query->tables + byte * table_bytes, sums + row);
        }
    }
    return cvs_bound_group(query, sums, scales, spreads, bounds);
}

#endif
