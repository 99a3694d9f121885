/// The first page of a vector file: what it is, and which database it belongs to.
struct VectorFileHeader: Hashable {
    static let magic: [UInt8] = Array("LIVECTOR".utf8)
    static let format: UInt32 = 2
    static let encodedBytes = 40

    var dimension: Int
    var identity: Int
    var epoch: Int

    func encoded(format: UInt32 = Self.format) -> [UInt8] {
        var bytes = Self.magic
        append(UInt64(format), to: &bytes)
        append(UInt64(dimension), to: &bytes)
        append(UInt64(bitPattern: Int64(identity)), to: &bytes)
        append(UInt64(epoch), to: &bytes)
        return bytes
    }

    private func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }
}
