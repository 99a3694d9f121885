/// Reads protobuf's fields in their place. `nil` wherever the bytes are not what the reader asks for: then the general
/// decoder says what is wrong with them.
struct ProtobufReader {
    private var bytes: Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes[...] }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        guard let last = bytes.popFirst(), last < 2 else { return nil }
        return value | UInt64(last) << 63
    }

    /// A message within this one.
    mutating func message() -> ProtobufReader? {
        guard let size = varint(), size <= UInt64(bytes.count) else { return nil }
        let body = bytes.prefix(Int(size))
        bytes = bytes.dropFirst(Int(size))
        return ProtobufReader(UnsafeRawBufferPointer(rebasing: body))
    }
}
