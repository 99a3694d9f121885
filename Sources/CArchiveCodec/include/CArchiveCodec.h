#ifndef CARCHIVECODEC_H
#define CARCHIVECODEC_H

#include <stddef.h>
#include <stdint.h>

/// A stream that inflates gzip or bare deflate data (RFC 1951, 1952). Belongs to one thread at a time.
typedef struct CInflater CInflater;

typedef enum {
    CInflateMore = 0,       ///< Goes on: give more input, or more room.
    CInflateEnd = 1,        ///< The end of the data was reached; what is left of the input is not its.
    CInflateCorrupt = 2,    ///< This is no such data.
    CInflateNoMemory = 3,
} CInflateStatus;

typedef struct {
    CInflateStatus status;
    size_t consumed;
    size_t produced;
} CInflateStep;

/// NULL if there is no memory.
CInflater *c_inflater_make(int is_gzip);
CInflateStep c_inflater_step(CInflater *inflater, const uint8_t *input, size_t input_size, uint8_t *output, size_t output_size);
void c_inflater_free(CInflater *inflater);

/// Continues a CRC-32 over more bytes; begins with 0.
uint32_t c_crc32(uint32_t crc, const uint8_t *bytes, size_t size);

#endif
