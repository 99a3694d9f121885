/// Splits text into the terms that the index knows, the same way for entries and for queries.
///
/// A word is a run of letters, digits and underscores. Its term is the word in lower case without underscores, so that
/// `parseHeader`, `ParseHeader` and `parse_header` are one; where a word has several parts (camel case, underscores,
/// digits) each part is a term too. Plural endings are dropped. Single ASCII characters and very long words are no
/// terms. Chinese, Japanese and Korean text gives overlapping pairs of characters.
package struct TermSplitter: ~Copyable {
    /// A term, and whether it is a part of the word of the term before it.
    package typealias Emit = (_ term: UnsafeBufferPointer<UInt8>, _ isPart: Bool, _ word: Range<Int>) -> Bool

    static let longestWord = 128
    static let longestTerm = 64

    private let text: UnsafeBufferPointer<UInt8>
    private let scratch: UnsafeMutableBufferPointer<UInt8>
    private let emit: Emit
    private var position = 0

    /// Calls `emit` with each term, in order, until it returns false.
    package static func forEachTerm(in text: UnsafeBufferPointer<UInt8>, _ emit: Emit) {
        withoutActuallyEscaping(emit) { emit in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longestWord) { scratch in
                var splitter = TermSplitter(text: text, scratch: scratch, emit: emit)
                splitter.run()
            }
        }
    }

    private init(
        text: UnsafeBufferPointer<UInt8>, scratch: UnsafeMutableBufferPointer<UInt8>, emit: @escaping Emit
    ) {
        self.text = text
        self.scratch = scratch
        self.emit = emit
    }

    private mutating func run() {
        while position < text.count {
            let byte = text[position]
            if byte < 0x80 {
                if byte.isWordCharacter {
                    if !word() { return }
                } else {
                    position += 1
                }
                continue
            }
            let (scalar, length) = ScalarReader.scalar(in: text, at: position)
            if scalar.isIdeographic {
                if !ideographs() { return }
            } else if scalar.isLetterOrNumber {
                if !word() { return }
            } else {
                position += length
            }
        }
    }

    /// A run of word characters; stops before an ideograph.
    private mutating func word() -> Bool {
        let start = position
        var isASCII = true
        while position < text.count {
            if text[position] < 0x80 {
                guard text[position].isWordCharacter else { break }
                position += 1
            } else {
                let (scalar, length) = ScalarReader.scalar(in: text, at: position)
                guard scalar.isLetterOrNumber || scalar.properties.isDiacritic, !scalar.isIdeographic else { break }
                isASCII = false
                position += length
            }
        }
        guard position - start <= Self.longestWord else { return true }
        return isASCII ? identifier(start..<position) : foreignWord(start..<position)
    }

    private func identifier(_ range: Range<Int>) -> Bool {
        guard range.count >= 2 else { return true }
        var length = 0
        var partStarts = PartStarts()
        var previous = Letter.none
        for index in range {
            let byte = text[index]
            let kind = Letter(byte)
            if kind == .underscore {
                previous = .none
                continue
            }
            let beginsPart: Bool =
                switch (previous, kind) {
                case (.none, _): true
                case (.lower, .upper), (.lower, .digit), (.upper, .digit), (.digit, .lower), (.digit, .upper): true
                // The last capital of several begins the next part: HTTPServer is HTTP and Server.
                case (.upper, .upper): index + 1 < range.upperBound && Letter(text[index + 1]) == .lower
                default: false
                }
            if beginsPart { partStarts.append(length) }
            scratch[length] = kind == .upper ? byte | 0x20 : byte
            length += 1
            previous = kind
        }
        guard length >= 2 else { return true }
        let whole = UnsafeBufferPointer(rebasing: scratch[0..<length])
        if length <= Self.longestTerm, !emit(WordEnding.dropped(from: whole), false, range) { return false }
        guard partStarts.count > 1 else { return true }
        for part in 0..<partStarts.count {
            let start = partStarts[part]
            let end = part + 1 < partStarts.count ? partStarts[part + 1] : length
            guard end - start >= 2, end - start <= Self.longestTerm else { continue }
            if !emit(WordEnding.dropped(from: UnsafeBufferPointer(rebasing: scratch[start..<end])), true, range) {
                return false
            }
        }
        return true
    }

    private func foreignWord(_ range: Range<Int>) -> Bool {
        let word = String(decoding: text[range], as: UTF8.self).lowercased()
        return emitBytes(of: word, in: range)
    }

    private mutating func ideographs() -> Bool {
        var previous: Unicode.Scalar?
        var previousStart = position
        var isAlone = true
        while position < text.count {
            let (scalar, length) = ScalarReader.scalar(in: text, at: position)
            guard scalar.isIdeographic else { break }
            if let previous {
                isAlone = false
                if !emitBytes(of: "\(previous)\(scalar)", in: previousStart..<position + length) { return false }
            }
            previous = scalar
            previousStart = position
            position += length
        }
        guard isAlone, let previous else { return true }
        return emitBytes(of: "\(previous)", in: previousStart..<position)
    }

    private func emitBytes(of term: String, in range: Range<Int>) -> Bool {
        guard term.utf8.count <= Self.longestTerm else { return true }
        var term = term
        return term.withUTF8 { emit($0, false, range) }
    }
}

/// What kind of ASCII word character a byte is.
private enum Letter {
    case none, lower, upper, digit, underscore

    init(_ byte: UInt8) {
        switch byte {
        case 0x61...0x7A: self = .lower
        case 0x41...0x5A: self = .upper
        case 0x30...0x39: self = .digit
        default: self = .underscore
        }
    }
}

extension UInt8 {
    fileprivate var isWordCharacter: Bool {
        switch self {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x5F: true
        default: false
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isLetterOrNumber: Bool {
        properties.isAlphabetic || properties.numericType != nil
    }

    fileprivate var isIdeographic: Bool {
        switch value {
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}

extension TermSplitter {
    /// How many terms a text has.
    static func count(in text: String) -> Int {
        var count = 0
        forEachTerm(in: text) { _ in count += 1 }
        return count
    }

    /// The terms of a text, in order.
    package static func terms(in text: String) -> [String] {
        var terms: [String] = []
        forEachTerm(in: text) { terms.append(String(decoding: $0, as: UTF8.self)) }
        return terms
    }

    private static func forEachTerm(in text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var text = text
        text.withUTF8 { bytes in
            forEachTerm(in: bytes) { term, _, _ in
                body(term)
                return true
            }
        }
    }
}
