import COneDNN

/// The weights of the model: six layers of post-norm BERT, 384 wide, twelve heads.
struct BertWeights: Sendable {
    static let width = 384
    static let heads = 12
    static let headSize = 32
    static let inner = 1536
    static let layerCount = 6
    static let positions = 512
    static let vocabulary = 30522
    static let epsilon: Float = 1e-12

    struct Norm: Sendable {
        let gamma: [Float]
        let beta: [Float]
    }

    struct Layer: Sendable {
        /// Query, key and value in one product: 384 → 1152.
        let attention: Linear
        let output: Linear
        let outputNorm: Norm
        let widen: Linear
        let narrow: Linear
        let narrowNorm: Norm
    }

    /// Kept mapped: [vocabulary][width].
    let file: SafeTensors
    /// Position embeddings with the one used token type's row added: [positions][width].
    let places: [Float]
    let norm: Norm
    let layers: [Layer]

    init(path: String, type: conednn_type) throws(MiniLMError) {
        let file = try SafeTensors(path: path)
        self.file = file
        let width = Self.width
        _ = try file.floats("embeddings.word_embeddings.weight", shape: [Self.vocabulary, width])
        let positions = try file.floats("embeddings.position_embeddings.weight", shape: [Self.positions, width])
        let types = try file.floats("embeddings.token_type_embeddings.weight", shape: [2, width])
        places = positions.indices.map { positions[$0] + types[$0 % width] }
        norm = try Self.norm(file, "embeddings.LayerNorm")
        var layers: [Layer] = []
        for number in 0..<Self.layerCount {
            let name = "encoder.layer.\(number)"
            layers.append(
                Layer(
                    attention: try Self.attention(file, name + ".attention.self", type: type),
                    output: try Self.linear(file, name + ".attention.output.dense", width, width, type: type),
                    outputNorm: try Self.norm(file, name + ".attention.output.LayerNorm"),
                    widen: try Self.linear(file, name + ".intermediate.dense", width, Self.inner, type: type),
                    narrow: try Self.linear(file, name + ".output.dense", Self.inner, width, type: type),
                    narrowNorm: try Self.norm(file, name + ".output.LayerNorm")))
        }
        self.layers = layers
    }

    func words() throws(MiniLMError) -> UnsafeBufferPointer<Float> {
        try file.floats("embeddings.word_embeddings.weight", shape: [Self.vocabulary, Self.width])
    }

    private static func norm(_ file: SafeTensors, _ name: String) throws(MiniLMError) -> Norm {
        Norm(
            gamma: Array(try file.floats(name + ".weight", shape: [width])),
            beta: Array(try file.floats(name + ".bias", shape: [width])))
    }

    private static func linear(
        _ file: SafeTensors,
        _ name: String,
        _ inputs: Int,
        _ outputs: Int,
        type: conednn_type
    ) throws(MiniLMError) -> Linear {
        try Linear(
            weights: Array(try file.floats(name + ".weight", shape: [outputs, inputs])),
            bias: Array(try file.floats(name + ".bias", shape: [outputs])), inputs: inputs, outputs: outputs, type: type
        )
    }

    private static func attention(_ file: SafeTensors, _ name: String, type: conednn_type) throws(MiniLMError) -> Linear
    {
        var weights: [Float] = []
        var bias: [Float] = []
        for part in ["query", "key", "value"] {
            weights += Array(try file.floats("\(name).\(part).weight", shape: [width, width]))
            bias += Array(try file.floats("\(name).\(part).bias", shape: [width]))
        }
        return try Linear(weights: weights, bias: bias, inputs: width, outputs: 3 * width, type: type)
    }
}
