#include "pulsar_codecs.h"

#include <pthread.h>
#include <string.h>

// The reversed Castagnoli polynomial.
static const uint32_t polynomial = 0x82f63b78u;
static uint32_t tables[8][256];
static pthread_once_t tables_made = PTHREAD_ONCE_INIT;

static void make_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? polynomial : 0);
        tables[0][byte] = value;
    }
    for (int step = 1; step < 8; step++)
        for (int byte = 0; byte < 256; byte++)
            tables[step][byte] = (tables[step - 1][byte] >> 8) ^ tables[0][tables[step - 1][byte] & 0xff];
}

// Eight bytes a step, one table for each ("slicing by 8", Kounavis and Berry 2005). Reads byte by byte, so that the order
// of bytes in a word does not matter.
uint32_t pulsar_crc32c_portable(uint32_t crc, const void *bytes, size_t size) {
    pthread_once(&tables_made, make_tables);
    const uint8_t *next = bytes;
    uint32_t value = ~crc;
    for (; size >= 8; size -= 8, next += 8) {
        uint32_t low = value ^ ((uint32_t)next[0] | (uint32_t)next[1] << 8 | (uint32_t)next[2] << 16 | (uint32_t)next[3] << 24);
        value = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^ tables[4][low >> 24]
            ^ tables[3][next[4]] ^ tables[2][next[5]] ^ tables[1][next[6]] ^ tables[0][next[7]];
    }
    for (; size > 0; size--, next++) value = (value >> 8) ^ tables[0][(value ^ *next) & 0xff];
    return ~value;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t crc, const void *bytes, size_t size) {
    const uint8_t *next = bytes;
    uint64_t value = (uint32_t)~crc;
    for (; size >= 8; size -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        value = _mm_crc32_u64(value, word);
    }
    for (; size > 0; size--, next++) value = _mm_crc32_u8((uint32_t)value, *next);
    return ~(uint32_t)value;
}

uint32_t pulsar_crc32c(uint32_t crc, const void *bytes, size_t size) {
    return __builtin_cpu_supports("sse4.2") ? crc32c_sse42(crc, bytes, size) : pulsar_crc32c_portable(crc, bytes, size);
}
#else
uint32_t pulsar_crc32c(uint32_t crc, const void *bytes, size_t size) {
    return pulsar_crc32c_portable(crc, bytes, size);
}
#endif
