// The only place that knows oneDNN, and the loops around its matrix products.
#ifndef CONEDNN_H
#define CONEDNN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How a layer multiplies. With F32 and BF16 its rows have that type too, and sums are fp32. With INT8 its rows are F32: each is
/// brought to 8 bits by its own least and largest value, multiplied by weights with a scale for each output, and brought back.
typedef enum { CONEDNN_F32 = 0, CONEDNN_BF16 = 1, CONEDNN_INT8 = 2 } conednn_type;
/// What follows a layer: nothing, or GELU in its exact (erf) form.
typedef enum { CONEDNN_IDENTITY = 0, CONEDNN_GELU = 1 } conednn_activation;

/// A dense layer y = x W^T + b with its weights packed once; shared by all streams, never changed.
typedef struct conednn_linear conednn_linear;

/// What one thread computes with: primitives by shape and scratch memory. One at a time per context.
typedef struct conednn_context conednn_context;

/// Whether the processor multiplies bf16 in hardware.
bool conednn_has_bf16(void);
/// Whether products of bytes are faster here than those of floats; elsewhere they are right, but slow.
bool conednn_has_int8(void);
/// The instruction set that results depend on, for example "avx512_core_bf16". A static string.
const char *conednn_isa(void);

/// `weights` is [outputs][inputs] as PyTorch stores it. NULL if oneDNN refuses or memory is short.
conednn_linear *conednn_linear_create(const float *weights, const float *bias, int inputs, int outputs,
                                      conednn_type type);
void conednn_linear_destroy(conednn_linear *layer);

conednn_context *conednn_context_create(void);
void conednn_context_destroy(conednn_context *context);

/// [rows][inputs] to [rows][outputs], of the type of the layer's rows, or of F32 where `to_float` asks for it. False if oneDNN
/// refuses.
bool conednn_linear_run(conednn_context *context, const conednn_linear *layer, const void *input, void *output, bool to_float,
                        conednn_activation activation, int rows);

/// Attention of one sequence. `qkv` is [length][3 * heads * size]; `output` is [length][heads * size], both of `type`, which is
/// F32 or BF16.
bool conednn_attention(conednn_context *context, const void *qkv, void *output, conednn_type type, int length, int heads,
                       int size);

/// x = LayerNorm(x + addend), row by row; `addend` may be NULL. `copy` gets x in bf16 if it is not NULL.
void conednn_layer_norm(float *x, const float *addend, const float *gamma, const float *beta, float epsilon, int rows,
                        int width, uint16_t *copy);
/// `mean` = the mean of the rows, scaled to length 1.
void conednn_mean_normalised(const float *x, int rows, int width, float *mean);

#ifdef __cplusplus
}
#endif
#endif
