#include "pulsar_codecs.h"

#include <limits.h>
#include <lz4.h>
#include <zlib.h>
#include <zstd.h>

// Level 3 is the default of zstd and of the official clients.
static const int zstd_level = 3;

size_t pulsar_compress_bound(enum pulsar_codec codec, size_t size) {
    if (size > INT_MAX / 2) return 0;
    switch (codec) {
    case PULSAR_LZ4: return (size_t)LZ4_compressBound((int)size);
    case PULSAR_ZLIB: return compressBound(size);
    case PULSAR_ZSTD: return ZSTD_compressBound(size);
    }
    return 0;
}

int64_t pulsar_compress(enum pulsar_codec codec, const void *source, size_t size, void *target, size_t capacity) {
    if (size > INT_MAX / 2 || capacity > INT_MAX) return -1;
    switch (codec) {
    case PULSAR_LZ4: {
        int written = LZ4_compress_default(source, target, (int)size, (int)capacity);
        return written > 0 ? written : -1;
    }
    case PULSAR_ZLIB: {
        uLongf written = capacity;
        return compress2(target, &written, source, size, Z_DEFAULT_COMPRESSION) == Z_OK ? (int64_t)written : -1;
    }
    case PULSAR_ZSTD: {
        size_t written = ZSTD_compress(target, capacity, source, size, zstd_level);
        return ZSTD_isError(written) ? -1 : (int64_t)written;
    }
    }
    return -1;
}

int64_t pulsar_decompress(enum pulsar_codec codec, const void *source, size_t size, void *target, size_t capacity) {
    if (size > INT_MAX || capacity > INT_MAX) return -1;
    switch (codec) {
    case PULSAR_LZ4: {
        int written = LZ4_decompress_safe(source, target, (int)size, (int)capacity);
        return written >= 0 ? written : -1;
    }
    case PULSAR_ZLIB: {
        uLongf written = capacity;
        return uncompress(target, &written, source, size) == Z_OK ? (int64_t)written : -1;
    }
    case PULSAR_ZSTD: {
        size_t written = ZSTD_decompress(target, capacity, source, size);
        return ZSTD_isError(written) ? -1 : (int64_t)written;
    }
    }
    return -1;
}
