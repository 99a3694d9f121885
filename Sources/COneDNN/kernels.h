// The loops between the matrix products, compiled once for each instruction set.
#pragma once
#include <cstddef>
#include <cstdint>

namespace conednn {

struct Kernels {
    void (*layer_norm)(float *, const float *, const float *, const float *, float, int, int, uint16_t *);
    void (*gelu_f32)(float *, size_t);
    void (*gelu_bf16)(uint16_t *, size_t);
    void (*softmax)(float *, int, int, float, uint16_t *);
    void (*mean_normalised)(const float *, int, int, float *);
};

/// Those of the best instruction set that this processor has.
const Kernels &kernels();

}  // namespace conednn
