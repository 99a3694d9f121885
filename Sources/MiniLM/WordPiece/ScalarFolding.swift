import Foundation
import Synchronization

/// What becomes of a scalar before words are cut into pieces: BERT's "uncased" normalisation.
///
/// Control characters vanish, white space becomes a blank, CJK ideographs stand alone, accents are stripped (canonical
/// decomposition without non-spacing marks), letters are lowered. None of this depends on the neighbours, so each scalar
/// is worked out once.
final class ScalarFolding: Sendable {
    private let known = Mutex<[UInt32: [UInt8]]>([:])

    /// The folded form in UTF-8; empty if the scalar vanishes.
    func fold(_ scalar: Unicode.Scalar) -> [UInt8] {
        known.withLock { known in
            if let folded = known[scalar.value] { return folded }
            let folded = Self.compute(scalar)
            known[scalar.value] = folded
            return folded
        }
    }

    private static func compute(_ scalar: Unicode.Scalar) -> [UInt8] {
        if scalar.value == 0 || ScalarCategory(scalar) == .vanishing { return [] }
        if scalar.properties.isWhitespace { return [0x20] }
        let lowered = decomposed(scalar).filter { ScalarCategory($0) != .nonspacingMark }
            .flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
        var text = String.UnicodeScalarView()
        if isIdeograph(scalar) { text.append(" ") }
        text.append(contentsOf: lowered)
        if isIdeograph(scalar) { text.append(" ") }
        return Array(String(text).utf8)
    }

    private static func decomposed(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        // Every combination of jamo is a scalar of its own; it is taken apart by arithmetic (Unicode, section 3.12).
        if (0xAC00...0xD7A3).contains(scalar.value) {
            let index = scalar.value - 0xAC00
            let parts = [0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + index % 28]
            return parts.filter { $0 != 0x11A7 }.compactMap(Unicode.Scalar.init)
        }
        guard ScalarCategory.isOld(scalar) else { return [scalar] }
        return Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
    }

    /// The blocks that `tokenizers` calls Chinese characters; extension E begins late there, and so it does here.
    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
