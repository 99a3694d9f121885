// The only place that knows oneDNN, and the loops around its matrix products.
#ifndef CONEDNN_H
#define CONEDNN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Element types of matrices. Accumulation is always fp32.
typedef enum { CONEDNN_F32 = 0, CONEDNN_BF16 = 1 } conednn_type;

/// A dense layer y = x W^T + b with its weights packed once; shared by all streams, never changed.
typedef struct conednn_linear conednn_linear;

/// What one thread computes with: primitives by shape and scratch memory. One at a time per context.
typedef struct conednn_context conednn_context;

/// Whether the processor multiplies bf16 in hardware.
bool conednn_has_bf16(void);
/// The instruction set that results depend on, for example "avx512_core_bf16". A static string.
const char *conednn_isa(void);

/// `weights` is [outputs][inputs] as PyTorch stores it. NULL if oneDNN refuses or memory is short.
conednn_linear *conednn_linear_create(const float *weights, const float *bias, int inputs, int outputs,
                                      conednn_type type);
void conednn_linear_destroy(conednn_linear *layer);

conednn_context *conednn_context_create(void);
void conednn_context_destroy(conednn_context *context);

/// [rows][inputs] of the layer's type to [rows][outputs] of `output_type`. False if oneDNN refuses.
bool conednn_linear_run(conednn_context *context, const conednn_linear *layer, const void *input, void *output,
                        conednn_type output_type, int rows);

/// Attention of one sequence. `qkv` is [length][3 * heads * size]; `output` is [length][heads * size], both of `type`.
bool conednn_attention(conednn_context *context, const void *qkv, void *output, conednn_type type, int length, int heads,
                       int size);

/// x = LayerNorm(x + addend), row by row; `addend` may be NULL. `copy` gets x in bf16 if it is not NULL.
void conednn_layer_norm(float *x, const float *addend, const float *gamma, const float *beta, float epsilon, int rows,
                        int width, uint16_t *copy);
/// The exact (erf) form of GELU, in place.
void conednn_gelu(void *x, conednn_type type, size_t count);
/// `mean` = the mean of the rows, scaled to length 1.
void conednn_mean_normalised(const float *x, int rows, int width, float *mean);

#ifdef __cplusplus
}
#endif
#endif
