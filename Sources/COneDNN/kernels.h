// The loops between the matrix products, compiled once for each instruction set.
#pragma once
#include <cstddef>
#include <cstdint>

namespace conednn {

/// What brings a row of 8 bits back: value = scale * (byte - zero).
struct RowScale {
    float scale;
    int32_t zero;
};

struct Kernels {
    void (*layer_norm)(float *, const float *, const float *, const float *, float, int, int, uint16_t *);
    void (*quantise)(const float *, int, int, uint8_t *, RowScale *);
    void (*dequantise)(int32_t *, int, int, const RowScale *, const float *, const int32_t *, const float *, bool);
    void (*gelu_f32)(float *, size_t);
    void (*gelu_bf16)(uint16_t *, size_t);
    void (*softmax)(float *, int, int, float, uint16_t *);
    void (*mean_normalised)(const float *, int, int, float *);
};

/// Those of the best instruction set that this processor has.
const Kernels &kernels();

}  // namespace conednn
