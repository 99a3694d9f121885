// oneDNN 2.x. Version 3 has other names for scales and descriptors only; what is used here is the same in both but for the
// construction of primitive descriptors, which `make_matmul` hides.
#include <cmath>
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

// The types of a layer's product: what goes in, its weights, and what comes out unless floats are asked for.
memory::data_type source_type(conednn_type type) {
    switch (type) {
        case CONEDNN_BF16: return memory::data_type::bf16;
        case CONEDNN_INT8: return memory::data_type::u8;
        default: return memory::data_type::f32;
    }
}

memory::data_type weights_type(conednn_type type) {
    return type == CONEDNN_INT8 ? memory::data_type::s8 : source_type(type);
}

memory::data_type target_type(conednn_type type, bool to_float) {
    if (type == CONEDNN_INT8) return memory::data_type::s32;
    return to_float ? memory::data_type::f32 : source_type(type);
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
    memory weights, bias;
    // Of INT8 only: what the weights of an output are multiples of, and the sum of the multiples.
    std::vector<float> scales;
    std::vector<int32_t> sums;

    memory::desc source_desc(int rows) const { return {{rows, inputs}, source_type(type), memory::format_tag::ab}; }
    memory::desc target_desc(int rows, bool to_float) const {
        return {{rows, outputs}, target_type(type, to_float), memory::format_tag::ab};
    }
    // Bytes get their bias when they are brought back.
    matmul::primitive_desc product(int rows, bool to_float, const memory::desc &weights) const {
        auto bias_desc = bias.get_desc();
        return make_matmul(source_desc(rows), weights, type == CONEDNN_INT8 ? nullptr : &bias_desc,
                           target_desc(rows, to_float));
    }
};

struct conednn_context {
    // A product and what it is given, made once: only the addresses change from call to call.
    struct Product {
        matmul primitive;
        memory source, weights, target, scratchpad;
        std::unordered_map<int, memory> arguments;

        explicit Product(const matmul::primitive_desc &desc)
            : primitive(desc), source(desc.src_desc(), engine(), nullptr), weights(desc.weights_desc(), engine(), nullptr),
              target(desc.dst_desc(), engine(), nullptr), scratchpad(desc.scratchpad_desc(), engine(), nullptr),
              arguments{{DNNL_ARG_SRC, source},
                        {DNNL_ARG_WEIGHTS, weights},
                        {DNNL_ARG_DST, target},
                        {DNNL_ARG_SCRATCHPAD, scratchpad}} {}
    };
    dnnl::stream stream{engine()};
    std::map<std::tuple<const conednn_linear *, int, bool>, Product> linears;
    std::map<std::tuple<int, int, int, int>, std::pair<Product, Product>> attentions;
    std::vector<uint8_t> scratchpad, scores, probabilities, bytes;
    std::vector<conednn::RowScale> row_scales;

    void *scratch(size_t size) {
        if (scratchpad.size() < size + 64) scratchpad.resize(size + 64);
        auto address = reinterpret_cast<uintptr_t>(scratchpad.data());
        return reinterpret_cast<void *>((address + 63) & ~uintptr_t(63));
    }

    // The memories in `arguments` are those of the members: both are handles of one object.
    void run(Product &product, const void *source, const void *weights, void *target) {
        product.source.set_data_handle(const_cast<void *>(source));
        product.weights.set_data_handle(const_cast<void *>(weights));
        product.target.set_data_handle(target);
        product.scratchpad.set_data_handle(scratch(product.scratchpad.get_desc().get_size()));
        product.primitive.execute(stream, product.arguments);
    }
};

namespace {

// Sums of products of bytes are exact where the processor has instructions for them (VNNI). Elsewhere two products are added in
// 16 bits first, where 255 * 127 twice is too much and 255 * 64 twice is not. Asked of the processor itself, once.
int largest_weight() {
    static const int largest = [] {
        constexpr int size = 64;
        memory::desc source({size, size}, memory::data_type::u8, memory::format_tag::ab);
        memory::desc weights({size, size}, memory::data_type::s8, memory::format_tag::ab);
        memory::desc target({size, size}, memory::data_type::s32, memory::format_tag::ab);
        conednn_context context;
        conednn_context::Product product(make_matmul(source, weights, nullptr, target));
        std::vector<uint8_t> bytes(size * size, 255);
        std::vector<int8_t> multiples(size * size, 127);
        std::vector<int32_t> sums(size * size);
        context.run(product, bytes.data(), multiples.data(), sums.data());
        for (auto sum : sums)
            if (sum != 255 * 127 * size) return 64;
        return 127;
    }();
    return largest;
}

// Each output's weights as multiples of a number of its own, the largest of them `largest_weight()`.
std::vector<int8_t> quantise_weights(const float *weights, conednn_linear &layer) {
    std::vector<int8_t> multiples((size_t)layer.inputs * layer.outputs);
    for (int output = 0; output < layer.outputs; output++) {
        const float *row = weights + (size_t)output * layer.inputs;
        float largest = 0;
        for (int i = 0; i < layer.inputs; i++) largest = std::fmax(largest, std::fabs(row[i]));
        float scale = largest > 0 ? largest / (float)largest_weight() : 1.0f;
        int32_t sum = 0;
        for (int i = 0; i < layer.inputs; i++) {
            auto multiple = (int8_t)std::lrintf(row[i] / scale);
            multiples[(size_t)output * layer.inputs + i] = multiple;
            sum += multiple;
        }
        layer.scales.push_back(scale);
        layer.sums.push_back(sum);
    }
    return multiples;
}

}  // namespace

// An ISA's number is a set of bits; it includes another if it has all of that one's. They have no order: avx2_vnni is the
// larger number and knows no bf16.
#if defined(__x86_64__)
static bool includes(dnnl::cpu_isa isa) {
    auto bits = static_cast<unsigned>(isa);
    return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & bits) == bits;
}
#endif

extern "C" bool conednn_has_bf16(void) {
#if defined(__x86_64__)
    return includes(dnnl::cpu_isa::avx512_core_bf16);
#else
    return false;
#endif
}

extern "C" bool conednn_has_int8(void) {
#if defined(__x86_64__)
    return includes(dnnl::cpu_isa::avx2);
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
        std::unique_ptr<conednn_linear> layer(new conednn_linear{inputs, outputs, type, {}, {}, {}, {}});
        layer->bias = memory({{1, outputs}, memory::data_type::f32, memory::format_tag::ab}, engine());
        std::memcpy(layer->bias.get_data_handle(), bias, sizeof(float) * (size_t)outputs);
        // [outputs][inputs] read as [inputs][outputs]: PyTorch's layout is the transpose.
        std::vector<int8_t> multiples;
        if (type == CONEDNN_INT8) multiples = quantise_weights(weights, *layer);
        memory plain({{inputs, outputs}, type == CONEDNN_INT8 ? memory::data_type::s8 : memory::data_type::f32,
                      memory::format_tag::ba},
                     engine(), multiples.empty() ? const_cast<float *>(weights) : static_cast<void *>(multiples.data()));
        memory::desc any({inputs, outputs}, weights_type(type), memory::format_tag::any);
        layer->weights = memory(layer->product(packing_rows, false, any).weights_desc(), engine());
        dnnl::stream stream(engine());
        dnnl::reorder(plain, layer->weights).execute(stream, plain, layer->weights);
        stream.wait();
        return layer.release();
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
                                   bool to_float, conednn_activation activation, int rows) {
    // One stream is one core: oneDNN must not start threads of its own on the thread that calls.
    if (omp_set_num_threads) omp_set_num_threads(1);
    try {
        auto key = std::make_tuple(layer, rows, to_float);
        auto found = context->linears.find(key);
        if (found == context->linears.end()) {
            auto desc = layer->product(rows, to_float, layer->weights.get_desc());
            found = context->linears.emplace(key, conednn_context::Product(desc)).first;
            if (layer->type != CONEDNN_INT8) found->second.arguments.emplace(DNNL_ARG_BIAS, layer->bias);
        }
        auto &kernels = conednn::kernels();
        auto *bias = static_cast<const float *>(layer->bias.get_data_handle());
        size_t count = (size_t)rows * layer->outputs;
        bool gelu = activation == CONEDNN_GELU;
        if (layer->type == CONEDNN_INT8) {
            auto &bytes = context->bytes;
            auto &scales = context->row_scales;
            if (bytes.size() < (size_t)rows * layer->inputs) bytes.resize((size_t)rows * layer->inputs);
            if (scales.size() < (size_t)rows) scales.resize(rows);
            kernels.quantise(static_cast<const float *>(input), rows, layer->inputs, bytes.data(), scales.data());
            context->run(found->second, bytes.data(), layer->weights.get_data_handle(), output);
            kernels.dequantise(static_cast<int32_t *>(output), rows, layer->outputs, scales.data(), layer->scales.data(),
                               layer->sums.data(), bias, gelu);
            return true;
        }
        context->run(found->second, input, layer->weights.get_data_handle(), output);
        if (gelu && (to_float || layer->type == CONEDNN_F32)) kernels.gelu_f32(static_cast<float *>(output), count);
        if (gelu && !to_float && layer->type == CONEDNN_BF16) kernels.gelu_bf16(static_cast<uint16_t *>(output), count);
        return true;
    } catch (const std::exception &) {
        return false;
    }
}

extern "C" bool conednn_attention(conednn_context *context, const void *qkv, void *output, conednn_type type, int length,
                                  int heads, int size) {
    if (omp_set_num_threads) omp_set_num_threads(1);
    try {
        auto element = source_type(type);
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
            conednn_context::Product first(make_matmul(query, keys, nullptr, scores));
            conednn_context::Product second(make_matmul(weights, values, nullptr, target));
            found = context->attentions.emplace(key, std::make_pair(first, second)).first;
        }
        size_t count = (size_t)heads * length * length;
        if (context->scores.size() < count * 4) context->scores.resize(count * 4);
        if (context->probabilities.size() < count * 2) context->probabilities.resize(count * 2);
        auto *score_data = reinterpret_cast<float *>(context->scores.data());
        auto *base = static_cast<uint8_t *>(const_cast<void *>(qkv));

        context->run(found->second.first, base, base + width * (size_t)(heads * size), score_data);
        auto *copy = type == CONEDNN_BF16 ? reinterpret_cast<uint16_t *>(context->probabilities.data()) : nullptr;
        conednn::kernels().softmax(score_data, heads * length, length, 1.0f / __builtin_sqrtf((float)size), copy);
        void *shares = copy ? static_cast<void *>(copy) : static_cast<void *>(score_data);
        context->run(found->second.second, shares, base + width * (size_t)(2 * heads * size), output);
        return true;
    } catch (const std::exception &) {
        return false;
    }
}

extern "C" void conednn_layer_norm(float *x, const float *addend, const float *gamma, const float *beta, float epsilon,
                                   int rows, int width, uint16_t *copy) {
    conednn::kernels().layer_norm(x, addend, gamma, beta, epsilon, rows, width, copy);
}

extern "C" void conednn_mean_normalised(const float *x, int rows, int width, float *mean) {
    conednn::kernels().mean_normalised(x, rows, width, mean);
}
