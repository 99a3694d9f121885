#ifndef CVS_KERNELS_H
#define CVS_KERNELS_H

#include "CVectorScan.h"

// A kernel computes sums[r] = sum over i of u[r][i] * code[i] for `count` rows of `blocks` blocks each.
// In a block's 64 bytes, byte j holds dimension j in its low and dimension j + 64 in its high four bits.

typedef void (*cvs_sums_function)(const uint8_t *codes, size_t count, size_t blocks, const int8_t *query,
                                  int32_t *sums);
typedef float (*cvs_dot_function)(const float *left, const float *right, size_t dimension);

void cvs_sums_portable(const uint8_t *codes, size_t count, size_t blocks, const int8_t *query, int32_t *sums);
float cvs_dot_portable(const float *left, const float *right, size_t dimension);

#if defined(__x86_64__)
void cvs_sums_avx2(const uint8_t *codes, size_t count, size_t blocks, const int8_t *query, int32_t *sums);
void cvs_sums_avx512_vnni(const uint8_t *codes, size_t count, size_t blocks, const int8_t *query, int32_t *sums);
float cvs_dot_avx2(const float *left, const float *right, size_t dimension);
float cvs_dot_avx512(const float *left, const float *right, size_t dimension);
#endif

#if defined(__aarch64__)
void cvs_sums_neon(const uint8_t *codes, size_t count, size_t blocks, const int8_t *query, int32_t *sums);
#endif

#endif
