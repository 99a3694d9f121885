#ifndef PULSAR_CODECS_H
#define PULSAR_CODECS_H

#include <stddef.h>
#include <stdint.h>

/// The CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `size` bytes, continued from `crc`; 0 to begin.
uint32_t pulsar_crc32c(uint32_t crc, const void *bytes, size_t size);
/// The same by tables: what runs where the processor has no instruction for it.
uint32_t pulsar_crc32c_portable(uint32_t crc, const void *bytes, size_t size);

/// Numbered as on Pulsar's wire.
enum pulsar_codec { PULSAR_LZ4 = 1, PULSAR_ZLIB = 2, PULSAR_ZSTD = 3 };

/// The most that `size` bytes can become; 0 if they are too many or the codec is unknown.
size_t pulsar_compress_bound(enum pulsar_codec codec, size_t size);
/// The bytes written, or -1.
int64_t pulsar_compress(enum pulsar_codec codec, const void *source, size_t size, void *target, size_t capacity);
/// The bytes written, or -1 if the source is damaged or holds more than `capacity`.
int64_t pulsar_decompress(enum pulsar_codec codec, const void *source, size_t size, void *target, size_t capacity);

#endif
