#ifndef CVS_KERNELS_H
#define CVS_KERNELS_H

#include "CVectorScan.h"

// A byte of a row's code holds the signs of eight components: its low four bits choose an entry of one table, its high
// four of the next. A table has 16 entries of 0 to 30, so that eight of them add up in one byte.
#define CVS_TABLES_PER_BYTE 2
#define CVS_TABLE_ENTRIES 16
#define CVS_TABLE_MIDDLE 15

// A kernel bounds the rows of one group: `codes` are two blocks, `bytes` those of a row, a multiple of four. It writes a
// group's bounds and returns the highest.

typedef float (*cvs_group_function)(const struct cvs_query *query, size_t bytes, const uint8_t *codes,
                                    const float *scales, const float *spreads, float *bounds);

float cvs_group_portable(const struct cvs_query *query, size_t bytes, const uint8_t *codes, const float *scales,
                         const float *spreads, float *bounds);
float cvs_dot_portable(const float *left, const float *right, size_t dimension);

#if defined(__x86_64__)
float cvs_group_avx2(const struct cvs_query *query, size_t bytes, const uint8_t *codes, const float *scales,
                     const float *spreads, float *bounds);
float cvs_dot_avx2(const float *left, const float *right, size_t dimension);
#endif

#if defined(__aarch64__)
float cvs_group_neon(const struct cvs_query *query, size_t bytes, const uint8_t *codes, const float *scales,
                     const float *spreads, float *bounds);
#endif

#endif
