#include "CArchiveCodec.h"

#include <stdlib.h>
#include <zlib.h>

struct CInflater {
    z_stream stream;
};

CInflater *c_inflater_make(int is_gzip) {
    CInflater *inflater = calloc(1, sizeof *inflater);
    if (inflater == NULL) return NULL;
    if (inflateInit2(&inflater->stream, is_gzip ? 16 + MAX_WBITS : -MAX_WBITS) != Z_OK) {
        free(inflater);
        return NULL;
    }
    return inflater;
}

CInflateStep c_inflater_step(CInflater *inflater, const uint8_t *input, size_t input_size, uint8_t *output, size_t output_size) {
    z_stream *stream = &inflater->stream;
    // A step need not use all: the caller comes again. uInt is narrower than size_t.
    uInt given = input_size > 1u << 30 ? 1u << 30 : (uInt)input_size;
    uInt room = output_size > 1u << 30 ? 1u << 30 : (uInt)output_size;
    stream->next_in = (Bytef *)input;
    stream->avail_in = given;
    stream->next_out = output;
    stream->avail_out = room;
    int result = inflate(stream, Z_NO_FLUSH);
    CInflateStep step = {CInflateMore, given - stream->avail_in, room - stream->avail_out};
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: step.status = CInflateMore; break;
    case Z_STREAM_END: step.status = CInflateEnd; break;
    case Z_MEM_ERROR: step.status = CInflateNoMemory; break;
    default: step.status = CInflateCorrupt;
    }
    return step;
}

void c_inflater_free(CInflater *inflater) {
    if (inflater == NULL) return;
    inflateEnd(&inflater->stream);
    free(inflater);
}

uint32_t c_crc32(uint32_t crc, const uint8_t *bytes, size_t size) {
    while (size > 0) {
        uInt part = size > 1u << 30 ? 1u << 30 : (uInt)size;
        crc = (uint32_t)crc32(crc, bytes, part);
        bytes += part;
        size -= part;
    }
    return crc;
}
