/// The id of a point: Qdrant knows numbers and UUIDs, no other text.
public enum QdrantPointID: Sendable, Hashable, Codable {
    case number(UInt64)
    case uuid(String)

    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(UInt64.self) {
            self = .number(number)
        } else {
            self = .uuid(try value.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .number(let number): try value.encode(number)
        case .uuid(let text): try value.encode(text)
        }
    }

    /// The UUID that is made of 16 bytes, for example of a hash: version 8, which is for meanings of one's own.
    ///
    /// - Parameter bytes: those after the sixteenth are left out, missing ones are 0.
    public init(hash bytes: some Sequence<UInt8>) {
        var bytes = Array(bytes.prefix(16))
        bytes += [UInt8](repeating: 0, count: 16 - bytes.count)
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (place, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        self = .uuid(String(decoding: text, as: UTF8.self))
    }
}
