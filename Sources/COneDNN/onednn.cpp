// oneDNN 2.x. Version 3 has other names for scales and descriptors only; what is used here is the same in both but for the
// construction of primitive descriptors, which `make_matmul` hides.
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <tuple>
#include <vector>

#include <dnnl.hpp>

#include "COneDNN.h"
#include "kernels.h"

using dnnl::matmul;
using dnnl::memory;
using dnnl::primitive_attr;

extern "C" void omp_set_num_threads(int) __attribute__((weak));

namespace {

dnnl::engine &engine() {
    static dnnl::engine instance(dnnl::engine::kind::cpu, 0);
    return instance;
}

memory::data_type data_type(conednn_type type) {
    return type == CONEDNN_BF16 ? memory::data_type::bf16 : memory::data_type::f32;
}

primitive_attr user_scratchpad() {
    primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

matmul::primitive_desc make_matmul(const memory::desc &source, const memory::desc &weights, const memory::desc *bias,
                                   const memory::desc &target) {
    auto attributes = user_scratchpad();
#if DNNL_VERSION_MAJOR >= 3
    return bias ? matmul::primitive_desc(engine(), source, weights, *bias, target, attributes)
                : matmul::primitive_desc(engine(), source, weights, target, attributes);
#else
    return bias ? matmul::primitive_desc({source, weights, *bias, target}, attributes, engine())
                : matmul::primitive_desc({source, weights, target}, attributes, engine());
#endif
}

// The number of rows that packed weights are laid out for; other numbers use the same layout.
constexpr int packing_rows = 128;

}  // namespace

struct conednn_linear {
    int inputs, outputs;
    conednn_type type;
    memory::desc bias_desc;
    memory weights, bias;
};

struct conednn_context {
    struct Product {
        matmul::primitive_desc desc;
        matmul primitive;
    };
    dnnl::stream stream{engine()};
    std::map<std::tuple<const conednn_linear *, int, int>, Product> linears;
    std::map<std::tuple<int, int, int, int>, std::pair<Product, Product>> attentions;
    std::vector<uint8_t> scratchpad, scores, probabilities;

    void *scratch(size_t bytes) {
        if (scratchpad.size() < bytes + 64) scratchpad.resize(bytes + 64);
        auto address = reinterpret_cast<uintptr_t>(scratchpad.data());
        return reinterpret_cast<void *>((address + 63) & ~uintptr_t(63));
    }

    void run(Product &product, std::unordered_map<int, memory> arguments) {
        auto desc = product.desc.scratchpad_desc();
        arguments.insert({DNNL_ARG_SCRATCHPAD, memory(desc, engine(), scratch(desc.get_size()))});
        product.primitive.execute(stream, arguments);
    }
};

extern "C" bool conednn_has_bf16(void) {
#if defined(__x86_64__)
    // An ISA's number is a set of bits; it includes another if it has all of that one's. They have no order: avx2_vnni is
    // the larger number and knows no bf16.
    constexpr auto bf16 = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
    return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & bf16) == bf16;
#else
    return false;
#endif
}

extern "C" const char *conednn_isa(void) {
#if defined(__x86_64__)
    if (conednn_has_bf16()) return "avx512_core_bf16";
    switch (dnnl::get_effective_cpu_isa()) {
        case dnnl::cpu_isa::avx512_core: return "avx512_core";
        case dnnl::cpu_isa::avx512_core_vnni: return "avx512_core_vnni";
        case dnnl::cpu_isa::avx2: return "avx2";
        case dnnl::cpu_isa::avx2_vnni: return "avx2_vnni";
        default: return "baseline";
    }
#else
    return "aarch64";
#endif
}

extern "C" conednn_linear *conednn_linear_create(const float *weights, const float *bias, int inputs, int outputs,
                                                 conednn_type type) {
    try {
        auto element = data_type(type);
        memory::desc source({packing_rows, inputs}, element, memory::format_tag::ab);
        memory::desc any({inputs, outputs}, element, memory::format_tag::any);
        memory::desc bias_desc({1, outputs}, memory::data_type::f32, memory::format_tag::ab);
        memory::desc target({packing_rows, outputs}, element, memory::format_tag::ab);
        auto desc = make_matmul(source, any, &bias_desc, target);
        // [outputs][inputs] read as [inputs][outputs]: PyTorch's layout is the transpose.
        memory plain({{inputs, outputs}, memory::data_type::f32, memory::format_tag::ba}, engine(),
                     const_cast<float *>(weights));
        memory packed(desc.weights_desc(), engine());
        memory bias_memory(bias_desc, engine());
        std::memcpy(bias_memory.get_data_handle(), bias, sizeof(float) * (size_t)outputs);
        dnnl::stream stream(engine());
        dnnl::reorder(plain, packed).execute(stream, plain, packed);
        stream.wait();
        return new conednn_linear{inputs, outputs, type, bias_desc, packed, bias_memory};
    } catch (const std::exception &) {
        return nullptr;
    }
}

extern "C" void conednn_linear_destroy(conednn_linear *layer) { delete layer; }

extern "C" conednn_context *conednn_context_create(void) {
    try {
        return new conednn_context();
    } catch (const std::exception &) {
        return nullptr;
    }
}

extern "C" void conednn_context_destroy(conednn_context *context) { delete context; }

extern "C" bool conednn_linear_run(conednn_context *context, const conednn_linear *layer, const void *input, void *output,
                                   conednn_type output_type, int rows) {
    // One stream is one core: oneDNN must not start threads of its own on the thread that calls.
    if (omp_set_num_threads) omp_set_num_threads(1);
    try {
        memory::desc source({rows, layer->inputs}, data_type(layer->type), memory::format_tag::ab);
        memory::desc target({rows, layer->outputs}, data_type(output_type), memory::format_tag::ab);
        auto key = std::make_tuple(layer, rows, (int)output_type);
        auto found = context->linears.find(key);
        if (found == context->linears.end()) {
            auto desc = make_matmul(source, layer->weights.get_desc(), &layer->bias_desc, target);
            found = context->linears.emplace(key, conednn_context::Product{desc, matmul(desc)}).first;
        }
        context->run(found->second, {{DNNL_ARG_SRC, memory(source, engine(), const_cast<void *>(input))},
                                     {DNNL_ARG_WEIGHTS, layer->weights},
                                     {DNNL_ARG_BIAS, layer->bias},
                                     {DNNL_ARG_DST, memory(target, engine(), output)}});
        return true;
    } catch (const std::exception &) {
        return false;
    }
}

extern "C" bool conednn_attention(conednn_context *context, const void *qkv, void *output, conednn_type type, int length,
                                  int heads, int size) {
    if (omp_set_num_threads) omp_set_num_threads(1);
    try {
        auto element = data_type(type);
        size_t width = type == CONEDNN_BF16 ? 2 : 4;
        memory::dim row = 3 * heads * size, out = heads * size;
        memory::dims square{heads, length, length};
        memory::desc query({heads, length, size}, element, memory::dims{size, row, 1});
        memory::desc keys({heads, size, length}, element, memory::dims{size, 1, row});
        memory::desc scores(square, memory::data_type::f32, memory::format_tag::abc);
        memory::desc weights(square, element, memory::format_tag::abc);
        memory::desc values({heads, length, size}, element, memory::dims{size, row, 1});
        memory::desc target({heads, length, size}, element, memory::dims{size, out, 1});

        auto key = std::make_tuple((int)type, length, heads, size);
        auto found = context->attentions.find(key);
        if (found == context->attentions.end()) {
            auto first = make_matmul(query, keys, nullptr, scores);
            auto second = make_matmul(weights, values, nullptr, target);
            found = context->attentions
                        .emplace(key, std::make_pair(conednn_context::Product{first, matmul(first)},
                                                     conednn_context::Product{second, matmul(second)}))
                        .first;
        }
        size_t count = (size_t)heads * length * length;
        if (context->scores.size() < count * 4) context->scores.resize(count * 4);
        if (context->probabilities.size() < count * 2) context->probabilities.resize(count * 2);
        auto *score_data = reinterpret_cast<float *>(context->scores.data());
        auto *base = static_cast<uint8_t *>(const_cast<void *>(qkv));

        context->run(found->second.first,
                     {{DNNL_ARG_SRC, memory(query, engine(), base)},
                      {DNNL_ARG_WEIGHTS, memory(keys, engine(), base + width * (size_t)(heads * size))},
                      {DNNL_ARG_DST, memory(scores, engine(), score_data)}});
        auto *copy = type == CONEDNN_BF16 ? reinterpret_cast<uint16_t *>(context->probabilities.data()) : nullptr;
        conednn::kernels().softmax(score_data, heads * length, length, 1.0f / __builtin_sqrtf((float)size), copy);
        void *shares = copy ? static_cast<void *>(copy) : static_cast<void *>(score_data);
        context->run(found->second.second,
                     {{DNNL_ARG_SRC, memory(weights, engine(), shares)},
                      {DNNL_ARG_WEIGHTS, memory(values, engine(), base + width * (size_t)(2 * heads * size))},
                      {DNNL_ARG_DST, memory(target, engine(), output)}});
        return true;
    } catch (const std::exception &) {
        return false;
    }
}

extern "C" void conednn_layer_norm(float *x, const float *addend, const float *gamma, const float *beta, float epsilon,
                                   int rows, int width, uint16_t *copy) {
    conednn::kernels().layer_norm(x, addend, gamma, beta, epsilon, rows, width, copy);
}

extern "C" void conednn_gelu(void *x, conednn_type type, size_t count) {
    if (type == CONEDNN_BF16) {
        conednn::kernels().gelu_bf16(static_cast<uint16_t *>(x), count);
    } else {
        conednn::kernels().gelu_f32(static_cast<float *>(x), count);
    }
}

extern "C" void conednn_mean_normalised(const float *x, int rows, int width, float *mean) {
    conednn::kernels().mean_normalised(x, rows, width, mean);
}
