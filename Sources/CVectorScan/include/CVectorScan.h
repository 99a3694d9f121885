#ifndef C_VECTOR_SCAN_H
#define C_VECTOR_SCAN_H

#include <stddef.h>
#include <stdint.h>

// Exact inner-product search in steps: a scan over 4-bit codes that gives a certain upper bound of every row's score,
// a tighter bound for the few rows where that is high enough, and the score itself for the very few that remain.
// Nothing here allocates or keeps state.
//
// A row x is coded as x' with x'[i] = scale * (u[i] - 7.5), u[i] in 0...15. A query q is coded in 8 bits as q'.
// Then  <q, x> = <q', x'> + <q - q', x'> + <q, x - x'>,  and by Cauchy-Schwarz
//       <q, x> <= <q', x'> + |q - q'| |x'| + |q| |x - x'|.
// The three norms are stored with the row and with the query, rounded up.

/// Vector rows are coded in blocks of this many dimensions; the last block is padded.
#define CVS_BLOCK_DIMENSIONS 128
/// The scan works on groups of this many rows, one word of the bitmap of allowed rows each.
#define CVS_GROUP_ROWS 64

enum cvs_kernel {
    cvs_kernel_portable = 0,
    cvs_kernel_neon = 1,
    cvs_kernel_avx2 = 2,
    cvs_kernel_avx512_vnni = 3,
};

/// What the scan needs of a coded row besides its code.
struct cvs_row_facts {
    float scale;
    float error;  ///< |x - x'|, rounded up
    float norm;   ///< |x'|, rounded up
};

/// A query ready for scanning; `code` has cvs_padded_dimension() entries, zero beyond the dimension.
struct cvs_query {
    const int8_t *code;
    size_t dimension;
    float factor;  ///< <q', x'> = scale * (factor * sum(u * code) + offset)
    float offset;
    float norm;    ///< |q|, rounded up
    float error;   ///< |q - q'|, rounded up
};

/// Coded rows that lie one after the other, their facts in parallel arrays.
struct cvs_rows {
    const uint8_t *codes;
    const float *scales;
    const float *errors;
    const float *norms;
    size_t count;
};

size_t cvs_padded_dimension(size_t dimension);
/// Bytes of one coded row.
size_t cvs_code_bytes(size_t dimension);

/// The fastest kernel of this processor.
enum cvs_kernel cvs_best_kernel(void);
/// Whether this processor runs `kernel`.
int cvs_has_kernel(enum cvs_kernel kernel);

/// Codes a row; `code` has cvs_code_bytes(dimension) bytes. The vector must be finite.
struct cvs_row_facts cvs_encode_row(const float *vector, size_t dimension, uint8_t *code);

/// Codes a query into `code`, which has cvs_padded_dimension(dimension) bytes and must outlive the result.
struct cvs_query cvs_encode_query(const float *vector, size_t dimension, int8_t *code);

/// Writes the upper bound of every allowed row's score into `bounds` and the highest of each group of 64 rows into
/// `group_maxima`; rows that are not allowed get minus infinity. Bit r of `allowed` (word r / 64) allows row r;
/// a null `allowed` allows all.
void cvs_scan(enum cvs_kernel kernel, const struct cvs_query *query, const struct cvs_rows *rows,
              const uint64_t *allowed, float *bounds, float *group_maxima);

// The few rows that pass the scan are bounded a second time, more tightly, before their vectors are read: with codes of
// 8 bits, x''[i] = scale * c[i], and a query of 12. A row's record is its scale, |x - x''|, |x''|, and its codes.

/// A query ready for the second bound; `code` has `dimension` entries.
struct cvs_fine_query {
    const int16_t *code;
    size_t dimension;
    float factor;
    float norm;
    float error;
};

/// Bytes of one row's record.
size_t cvs_fine_bytes(size_t dimension);

/// Writes the record of a row. The vector must be finite.
void cvs_encode_fine_row(const float *vector, size_t dimension, uint8_t *record);

/// Codes a query into `code`, which has `dimension` entries and must outlive the result.
struct cvs_fine_query cvs_encode_fine_query(const float *vector, size_t dimension, int16_t *code);

/// An upper bound of a row's score, of the same bits for every kernel.
float cvs_fine_bound(enum cvs_kernel kernel, const struct cvs_fine_query *query, const uint8_t *record);

/// The inner product, added up in the same order by every kernel: its bits do not depend on the processor.
float cvs_dot(enum cvs_kernel kernel, const float *left, const float *right, size_t dimension);

/// A checksum of a row's bytes; `seed` tells equal rows in different places apart.
uint32_t cvs_checksum(const float *vector, size_t dimension, uint64_t seed);

#endif
