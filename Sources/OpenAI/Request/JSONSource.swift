public import FoundationEssentials

/// Finds a value in JSON as it was written.
///
/// The order of a schema's keys is the order in which many models write; decoding forgets it.
public enum JSONSource {
    /// The text of the value at `path`; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - path: the names of members, from the outermost object inwards.
    ///   - document: valid JSON.
    public static func text(at path: [String], in document: Data) -> String? {
        var scan = Scan(bytes: Array(document))
        scan.skipSpace()
        for name in path {
            guard scan.enter(name) else { return nil }
        }
        let start = scan.index
        guard scan.skipValue() else { return nil }
        return String(decoding: scan.bytes[start..<scan.index], as: UTF8.self)
    }

    private struct Scan {
        let bytes: [UInt8]
        var index = 0

        var byte: UInt8 { index < bytes.count ? bytes[index] : 0 }

        mutating func skipSpace() {
            while [0x20, 0x0A, 0x0D, 0x09].contains(byte) { index += 1 }
        }

        /// Moves to the value of a member of the object that begins here.
        mutating func enter(_ name: String) -> Bool {
            guard byte == UInt8(ascii: "{") else { return false }
            index += 1
            while true {
                skipSpace()
                let start = index
                guard skipText() else { return false }
                let key = bytes[(start + 1)..<(index - 1)]
                skipSpace()
                guard byte == UInt8(ascii: ":") else { return false }
                index += 1
                skipSpace()
                if key.elementsEqual(name.utf8) { return true }
                guard skipValue() else { return false }
                skipSpace()
                guard byte == UInt8(ascii: ",") else { return false }
                index += 1
            }
        }

        mutating func skipText() -> Bool {
            guard byte == UInt8(ascii: "\"") else { return false }
            index += 1
            while index < bytes.count, byte != UInt8(ascii: "\"") { index += byte == UInt8(ascii: "\\") ? 2 : 1 }
            index += 1
            return index <= bytes.count
        }

        mutating func skipValue() -> Bool {
            var depth = 0
            repeat {
                switch byte {
                case UInt8(ascii: "\""):
                    guard skipText() else { return false }
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    index += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    index += 1
                default:
                    guard skipPlain() else { return false }
                }
            } while depth > 0 && index < bytes.count
            return depth == 0
        }

        /// Numbers, literals and what stands between values.
        private mutating func skipPlain() -> Bool {
            let ends = Array("\"{}[],: \n\r\t".utf8)
            if [UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x0A, 0x0D, 0x09].contains(byte) {
                index += 1
                return true
            }
            let start = index
            while index < bytes.count, !ends.contains(byte) { index += 1 }
            return index > start
        }
    }
}
