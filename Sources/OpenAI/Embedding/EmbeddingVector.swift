import FoundationEssentials

/// A vector in one of the two forms in which it travels.
public enum EmbeddingVector: Hashable, Sendable, Codable {
    case floats([Float])
    /// Little-endian 32-bit floats in base64.
    case base64(String)

    /// The base64 form of `vector`.
    public static func packed(_ vector: [Float]) -> EmbeddingVector {
        var bytes = Data(capacity: vector.count * 4)
        for value in vector {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return .base64(bytes.base64EncodedString())
    }

    /// The numbers; `nil` if the text is no base64 of whole floats.
    public var numbers: [Float]? {
        switch self {
        case .floats(let numbers): return numbers
        case .base64(let text):
            guard let bytes = Data(base64Encoded: text), bytes.count.isMultiple(of: 4) else { return nil }
            return stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { start in
                let bits = bytes[start..<(start + 4)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                return Float(bitPattern: bits)
            }
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .base64(text)
        } else {
            self = .floats(try container.decode([Float].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .floats(let numbers): try container.encode(numbers)
        case .base64(let text): try container.encode(text)
        }
    }
}
