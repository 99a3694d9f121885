#ifndef C_VECTOR_SCAN_H
#define C_VECTOR_SCAN_H

#include <stddef.h>
#include <stdint.h>

// Inner-product search in steps: a scan over 1-bit codes that estimates every row's score, a certain and tight bound for the
// few rows whose estimate is high enough, and the score itself for the very few that remain.
// Nothing here allocates or keeps state.
//
// A row x is turned by a fixed rotation that spreads each component over all others, and of the result only the signs s
// are kept (Gao and Long, RaBitQ, arXiv 2405.12497). Then <q, x> is estimated by  |x|^2 / |x|_1 * <q, s>  without bias, q
// being turned in the same way. The rotation makes the error of the estimate look like a normal one whatever the
// vectors are, with the deviation
//       |q| |x| sqrt(1 - a^2) / (a sqrt(d - 1)),    a = |x|_1 / (sqrt(d) |x|), about 0.8.
// A row is passed over only if its estimate and CVS_DEVIATIONS deviations together do not reach what is wanted.
// <q, s> is looked up for four components at a time, in tables of integers: sums have the same bits on every processor.

/// How many standard deviations of an estimate are added to it; four are exceeded once in thirty thousand times.
#define CVS_DEVIATIONS 4.0f
/// A row's code is interleaved with those of the other rows of its block: byte b of row r is at b * CVS_BLOCK_ROWS + r.
#define CVS_BLOCK_ROWS 32
/// The scan works on groups of this many rows, one word of the bitmap of allowed rows each.
#define CVS_GROUP_ROWS 64

enum cvs_kernel {
    cvs_kernel_portable = 0,
    cvs_kernel_neon = 1,
    cvs_kernel_avx2 = 2,
};

/// What the scan needs of a coded row besides its code.
struct cvs_row_facts {
    float scale;   ///< |x|^2 / |x|_1
    float spread;  ///< the deviation of an estimate, as a part of the query's length
};

/// A query ready for scanning; `tables` has cvs_table_bytes() bytes.
struct cvs_query {
    const uint8_t *tables;
    size_t dimension;
    float factor;  ///< an estimate is scale * (factor * sum + offset)
    float offset;
    float reach;   ///< what a row's spread is multiplied with
};

/// Coded rows that lie one after the other from the beginning of a group, their facts in parallel arrays. There is memory
/// for whole groups, whatever it holds behind the last row.
struct cvs_rows {
    const uint8_t *codes;
    const float *scales;
    const float *spreads;
    size_t count;
};

/// Bytes of one coded row.
size_t cvs_code_bytes(size_t dimension);
/// Bytes of a coded query.
size_t cvs_table_bytes(size_t dimension);

/// The fastest kernel of this processor.
enum cvs_kernel cvs_best_kernel(void);
/// Whether this processor runs `kernel`.
int cvs_has_kernel(enum cvs_kernel kernel);

/// Turns a vector in place, keeping its length and its inner products with others that are turned.
void cvs_rotate(float *vector, size_t dimension);

/// Codes row `row` of a block from its turned vector, which must be finite.
struct cvs_row_facts cvs_encode_row(const float *rotated, size_t dimension, uint8_t *block, size_t row);

/// Codes a query from its turned vector into `tables`, which must outlive the result.
struct cvs_query cvs_encode_query(const float *rotated, size_t dimension, uint8_t *tables);

/// Writes into `bounds` what every allowed row's score does not exceed, unless its estimate is off by more than
/// CVS_DEVIATIONS, and the highest of each group of 64 rows into `group_maxima`. Rows that are not allowed get minus
/// infinity. Both have room for whole groups. Bit r of `allowed` (word r / 64) allows row r; a null `allowed` allows all.
void cvs_scan(enum cvs_kernel kernel, const struct cvs_query *query, const struct cvs_rows *rows,
              const uint64_t *allowed, float *bounds, float *group_maxima);

// The few rows that pass the scan are bounded a second time, with certainty, before their vectors are read: a row x is
// coded in 8 bits as x', x'[i] = scale * c[i], and a query q in 12 as q'.
// Then  <q, x> = <q', x'> + <q - q', x'> + <q, x - x'>,  and by Cauchy-Schwarz
//       | <q, x> - <q', x'> | <= |q - q'| |x'| + |q| |x - x'|.
// A row's record is its scale, |x - x'| and |x'|, both rounded up, and its codes.

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

/// Where a score certainly lies.
struct cvs_interval {
    float lowest;
    float highest;
};

/// Bounds a row's score, with the same bits for every kernel.
struct cvs_interval cvs_fine_bounds(enum cvs_kernel kernel, const struct cvs_fine_query *query, const uint8_t *record);

/// Has a row's record fetched into the cache, to be bounded soon.
void cvs_prefetch_fine_row(const uint8_t *record, size_t dimension);

/// The inner product, added up in the same order by every kernel: its bits do not depend on the processor.
float cvs_dot(enum cvs_kernel kernel, const float *left, const float *right, size_t dimension);

/// A checksum of a row's bytes; `seed` tells equal rows in different places apart.
uint32_t cvs_checksum(const float *vector, size_t dimension, uint64_t seed);

#endif
