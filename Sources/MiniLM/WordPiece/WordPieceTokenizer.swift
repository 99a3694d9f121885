import Foundation

/// BERT's uncased WordPiece tokenizer (Wu et al., arXiv 1609.08144; Devlin et al., arXiv 1810.04805), with the ids of
/// Hugging Face's `tokenizers` for the same vocabulary.
public struct WordPieceTokenizer: Sendable {
    private static let longestWord = 100

    private let trie: PieceTrie
    private let folding = ScalarFolding()
    private let unknown: Int32
    private let classifier: Int32
    private let separator: Int32
    /// Tokens that are taken literally wherever they stand, as `[MASK]` in a text about BERT.
    private let literals: [(bytes: [UInt8], id: Int32)]

    /// - Parameter vocabulary: one piece a line; the line's number is its id.
    init(vocabulary: String) throws(MiniLMError) {
        let pieces = vocabulary.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            Array(line.utf8.last == UInt8(ascii: "\r") ? line.dropLast().utf8 : line.utf8)
        }
        let named = pieces.last?.isEmpty == true ? Array(pieces.dropLast()) : pieces
        func id(_ text: String) throws(MiniLMError) -> Int32 {
            guard let index = named.firstIndex(of: Array(text.utf8)) else {
                throw MiniLMError(.corruptVocabulary, "The vocabulary has no \(text). Run `make setup` again.")
            }
            return Int32(index)
        }
        unknown = try id("[UNK]")
        classifier = try id("[CLS]")
        separator = try id("[SEP]")
        let padding = try id("[PAD]")
        let masked = try id("[MASK]")
        literals = [
            (Array("[UNK]".utf8), unknown), (Array("[CLS]".utf8), classifier), (Array("[SEP]".utf8), separator),
            (Array("[PAD]".utf8), padding), (Array("[MASK]".utf8), masked),
        ]
        trie = PieceTrie(pieces: named)
    }

    /// Reads `vocab.txt`.
    init(path: String) throws(MiniLMError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MiniLMError(.assetsMissing, "The vocabulary \(path) is missing. Run `make setup`.")
        }
        try self.init(vocabulary: String(decoding: data, as: UTF8.self))
    }

    /// The ids of the pieces, without special tokens.
    public func tokenIDs(_ text: String) -> [Int32] {
        var ids: [Int32] = []
        forEachToken(text[...]) { ids.append($0) }
        return ids
    }

    /// The ids with `[CLS]` before and `[SEP]` behind.
    public func encode(_ text: String) -> [Int32] { [classifier] + tokenIDs(text) + [separator] }

    /// How many pieces ``tokenIDs(_:)`` would give. The count of two texts with white space between them is the sum of
    /// their counts.
    public func tokenCount(of text: Substring) -> Int {
        var count = 0
        forEachToken(text) { _ in count += 1 }
        return count
    }

    @inline(__always)
    private func forEachToken(_ text: Substring, _ visit: (Int32) -> Void) {
        var text = text
        text.withUTF8 { bytes in cut(bytes, visit) }
    }

    private func cut(_ bytes: UnsafeBufferPointer<UInt8>, _ visit: (Int32) -> Void) {
        var word = Word()
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte < 0x80 {
                if byte == UInt8(ascii: "["), let literal = literal(bytes, at: offset) {
                    flush(&word, visit)
                    visit(literal.id)
                    offset += literal.bytes.count
                    continue
                }
                take(ascii: byte, into: &word, visit)
                offset += 1
            } else {
                let (scalar, length) = Self.decode(bytes, at: offset)
                for byte in ScalarRun(folding.fold(scalar)) { take(folded: byte, into: &word, visit) }
                offset += length
            }
        }
        flush(&word, visit)
    }

    private func literal(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (bytes: [UInt8], id: Int32)? {
        literals.first { literal in
            offset + literal.bytes.count <= bytes.count
                && literal.bytes.indices.allSatisfy { bytes[offset + $0] == literal.bytes[$0] }
        }
    }

    @inline(__always)
    private func take(ascii byte: UInt8, into word: inout Word, _ visit: (Int32) -> Void) {
        switch ASCIIClass.table[Int(byte)] {
        case .letter:
            word.append(byte | 0x20)
        case .other:
            word.append(byte)
        case .blank:
            flush(&word, visit)
        case .punctuation:
            flush(&word, visit)
            word.append(byte)
            flush(&word, visit)
        case .nothing:
            break
        }
    }

    private func take(folded scalar: Unicode.Scalar, into word: inout Word, _ visit: (Int32) -> Void) {
        if scalar.isASCII { return take(ascii: UInt8(scalar.value), into: &word, visit) }
        if ScalarCategory(scalar) == .punctuation {
            flush(&word, visit)
            word.append(scalar)
            flush(&word, visit)
        } else {
            word.append(scalar)
        }
    }

    /// Cuts the gathered word greedily into the longest pieces; one that cannot be cut is unknown as a whole.
    @inline(__always)
    private func flush(_ word: inout Word, _ visit: (Int32) -> Void) {
        guard word.count > 0 else { return }
        defer { word.clear() }
        guard word.scalars <= Self.longestWord else { return visit(unknown) }
        word.withBytes { bytes in
            // A word is known to be cuttable only at its end: its ids wait until then.
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: bytes.count) { ids in
                var count = 0
                var start = 0
                var root = PieceTrie.start
                while start < bytes.count {
                    guard let match = trie.longestMatch(bytes, from: start, root: root) else { return visit(unknown) }
                    ids[count] = match.id
                    count += 1
                    start += match.length
                    root = PieceTrie.continuation
                }
                for index in 0..<count { visit(ids[index]) }
            }
        }
    }

    /// The scalar at a place in valid UTF-8.
    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (Unicode.Scalar, Int) {
        let first = UInt32(bytes[offset])
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard offset + length <= bytes.count else { return ("\u{FFFD}", bytes.count - offset) }
        var value = first & (0x7F >> UInt32(length))
        for distance in 1..<length { value = value << 6 | UInt32(bytes[offset + distance]) & 0x3F }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }
}

/// The scalars of folded UTF-8.
private struct ScalarRun: Sequence {
    private let scalars: String.UnicodeScalarView

    init(_ bytes: [UInt8]) { scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars }

    func makeIterator() -> String.UnicodeScalarView.Iterator { scalars.makeIterator() }
}
