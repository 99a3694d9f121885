extension Dictionary where Key == String, Value == String {
    /// In the order of the keys, so that equal messages are equal bytes.
    var wire: [WireKeyValue] {
        if isEmpty { return [] }
        return sorted { $0.key < $1.key }.map { key, value in
            var pair = WireKeyValue()
            pair.key = key
            pair.value = value
            return pair
        }
    }

    /// The last of equal keys wins, as in the official clients.
    init(_ wire: [WireKeyValue]) {
        self = Dictionary(wire.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }
}
