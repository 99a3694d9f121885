"""The encoder as an ONNX graph, written from the very weights that Hearth loads: token ids and mask to vectors of length 1.

`fused` takes ONNX Runtime's own operators for attention, normalisation and GELU, else it is standard ONNX, which any engine
reads. Both are exact: neither approximates GELU."""

import json
import math

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

LAYERS, WIDTH, HEADS = 6, 384, 12
EPSILON = 1e-12


def tensors(path):
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
        data = file.read()
    return {name: numpy.frombuffer(data[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
            for name, entry in header.items() if name != "__metadata__" and entry["dtype"] == "F32"}


class Graph:
    def __init__(self, weights, fused):
        self.weights, self.fused = weights, fused
        self.nodes, self.constants = [], []

    def constant(self, value, kind=numpy.float32):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(numpy.ascontiguousarray(value, dtype=kind), name))
        return name

    def node(self, kind, *inputs, domain="", **attributes):
        name = f"{kind}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def norm(self, x, addend, name):
        scale, shift = (self.constant(self.weights[f"{name}.LayerNorm.{end}"]) for end in ("weight", "bias"))
        if self.fused:
            return self.node("SkipLayerNormalization", x, addend, scale, shift, domain="com.microsoft", epsilon=EPSILON)
        return self.node("LayerNormalization", self.node("Add", x, addend), scale, shift, axis=-1, epsilon=EPSILON)

    def dense(self, x, *names, bias=True):
        weight = numpy.concatenate([self.weights[name + ".weight"] for name in names]).T
        product = self.node("MatMul", x, self.constant(weight))
        return self.node("Add", product, self.constant(self.weights[names[0] + ".bias"])) if bias else product

    def attention(self, x, name, mask, rows):
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        if self.fused:
            weight = self.constant(numpy.concatenate([self.weights[part + ".weight"] for part in parts]).T)
            bias = self.constant(numpy.concatenate([self.weights[part + ".bias"] for part in parts]))
            return self.node("Attention", x, weight, bias, rows, domain="com.microsoft", num_heads=HEADS)
        shape = self.constant([0, 0, HEADS, WIDTH // HEADS], numpy.int64)
        heads = [self.node("Reshape", self.dense(x, part), shape) for part in parts]
        query, value = (self.node("Transpose", heads[place], perm=[0, 2, 1, 3]) for place in (0, 2))
        scores = self.node("MatMul", query, self.node("Transpose", heads[1], perm=[0, 2, 3, 1]))
        scaled = self.node("Div", scores, self.constant(math.sqrt(WIDTH // HEADS)))
        shares = self.node("Softmax", self.node("Add", scaled, mask), axis=-1)
        joined = self.node("Transpose", self.node("MatMul", shares, value), perm=[0, 2, 1, 3])
        return self.node("Reshape", joined, self.constant([0, 0, WIDTH], numpy.int64))

    def gelu(self, x, name):
        if self.fused:
            return self.node("BiasGelu", self.dense(x, name, bias=False), self.constant(self.weights[name + ".bias"]),
                             domain="com.microsoft")
        return self.node("Gelu", self.dense(x, name))

    def model(self):
        words = self.node("Gather", self.constant(self.weights["embeddings.word_embeddings.weight"]), "input_ids")
        places = self.constant(self.weights["embeddings.position_embeddings.weight"]
                               + self.weights["embeddings.token_type_embeddings.weight"][0])
        length = self.node("Slice", self.node("Shape", "input_ids"), *(self.constant([n], numpy.int64) for n in (1, 2)))
        first = self.node("Slice", places, self.constant([0], numpy.int64), length, self.constant([0], numpy.int64))
        batch = self.node("Expand", first, self.node("Shape", words)) if self.fused else first
        floats = self.node("Cast", "attention_mask", to=TensorProto.FLOAT)
        rows = self.node("Cast", "attention_mask", to=TensorProto.INT32)
        flat = self.node("Unsqueeze", floats, self.constant([1, 2], numpy.int64))
        mask = self.node("Mul", self.node("Sub", flat, self.constant(1)), self.constant(10_000))
        x = self.norm(words, batch, "embeddings")
        for number in range(LAYERS):
            name = f"encoder.layer.{number}"
            attended = self.dense(self.attention(x, name, mask, rows), name + ".attention.output.dense")
            x = self.norm(attended, x, name + ".attention.output")
            inner = self.gelu(x, name + ".intermediate.dense")
            x = self.norm(self.dense(inner, name + ".output.dense"), x, name + ".output")
        real = self.node("Unsqueeze", floats, self.constant([2], numpy.int64))
        one = self.constant([1], numpy.int64)
        # The mean and the sum have one direction.
        total = self.node("ReduceSum", self.node("Mul", x, real), one, keepdims=0)
        squares = self.node("ReduceSum", self.node("Mul", total, total), one, keepdims=1)
        self.nodes.append(helper.make_node("Div", [total, self.node("Sqrt", squares)], ["vectors"], name="vectors"))
        ids = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
               for name in ("input_ids", "attention_mask")]
        result = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", WIDTH])
        return helper.make_model(
            helper.make_graph(self.nodes, "minilm", ids, [result], self.constants), ir_version=10,
            opset_imports=[helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)])


def write(weights, directory, reduce_range):
    """`plain.onnx`, `fused.onnx` and both with dynamic int8 weights, a scale a channel."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    weights = tensors(weights)
    for name, fused in (("plain", False), ("fused", True)):
        onnx.save(Graph(weights, fused).model(), directory / f"{name}.onnx")
        quantize_dynamic(directory / f"{name}.onnx", directory / f"{name}-int8.onnx", per_channel=True,
                         reduce_range=reduce_range, weight_type=QuantType.QInt8,
                         op_types_to_quantize=["MatMul", "Attention"],
                         # The types behind ONNX Runtime's own operators are not inferred.
                         extra_options={"DefaultTensorType": TensorProto.FLOAT})
