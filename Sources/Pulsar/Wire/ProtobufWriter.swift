/// Writes protobuf's fields into memory that was measured for them: what leaves with every message is not worth the
/// general way, which builds an object first.
struct ProtobufWriter {
    private let memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    /// - Parameter memory: has room for everything that will be written.
    init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    // MARK: Framing

    mutating func write(_ value: UInt16) {
        memory.storeBytes(of: value.bigEndian, toByteOffset: count, as: UInt16.self)
        count += 2
    }

    mutating func write(_ value: UInt32) {
        memory.storeBytes(of: value.bigEndian, toByteOffset: count, as: UInt32.self)
        count += 4
    }

    /// Leaves room for a number that is known later.
    mutating func skip(_ bytes: Int) { count += bytes }

    /// Writes a number where room was left for it.
    func set(_ value: Int, at place: Int) {
        memory.storeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian, toByteOffset: place, as: UInt32.self)
    }

    /// Writes what comes next as a message of less than 128 bytes.
    mutating func small(_ number: UInt64, _ body: (inout Self) -> Void) {
        varint(number << 3 | 2)
        let place = count
        count += 1
        body(&self)
        memory[place] = UInt8(truncatingIfNeeded: count - place - 1)
    }

    mutating func bytes(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    // MARK: Fields

    mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            memory[count] = UInt8(truncatingIfNeeded: value) | 0x80
            count += 1
            value >>= 7
        }
        memory[count] = UInt8(truncatingIfNeeded: value)
        count += 1
    }

    mutating func field(_ number: UInt64, _ value: UInt64) {
        varint(number << 3)
        varint(value)
    }

    mutating func field(_ number: UInt64, _ text: String) {
        var text = text
        text.withUTF8 { field(number, UnsafeRawBufferPointer($0)) }
    }

    mutating func field(_ number: UInt64, _ content: UnsafeRawBufferPointer) {
        varint(number << 3 | 2)
        varint(UInt64(content.count))
        bytes(content)
    }

    /// In the order of the keys, so that equal messages are equal bytes.
    mutating func properties(_ number: UInt64, _ properties: [String: String]) {
        guard !properties.isEmpty else { return }
        for (key, value) in properties.sorted(by: { $0.key < $1.key }) {
            varint(number << 3 | 2)
            varint(UInt64(Self.fieldSize(key) + Self.fieldSize(value)))
            field(1, key)
            field(2, value)
        }
    }

    // MARK: Sizes

    /// Of a text in a field whose number is less than 16.
    private static func fieldSize(_ text: String) -> Int {
        let size = text.utf8.count
        return 1 + varintSize(size) + size
    }

    private static func varintSize(_ value: Int) -> Int {
        max(1, (Int.bitWidth - value.leadingZeroBitCount + 6) / 7)
    }

    /// More than the properties take.
    static func room(for properties: [String: String]) -> Int {
        properties.reduce(0) { $0 + 24 + $1.key.utf8.count + $1.value.utf8.count }
    }
}
