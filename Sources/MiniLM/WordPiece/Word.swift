/// The word that is being gathered, in folded UTF-8.
struct Word {
    private var bytes: [UInt8] = []
    private(set) var scalars = 0

    init() { bytes.reserveCapacity(128) }

    var count: Int { bytes.count }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
        scalars += 1
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        scalars += 1
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        scalars = 0
    }

    @inline(__always)
    func withBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        bytes.withUnsafeBufferPointer(body)
    }
}
