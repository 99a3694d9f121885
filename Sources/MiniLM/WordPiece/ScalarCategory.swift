/// What kind of character a scalar was when BERT's tokenizers were made.
///
/// Hugging Face's `tokenizers` classifies by tables of Unicode 8; a scalar assigned later is nothing special to it. The
/// ids of the vocabulary depend on it, so the same is done here, with the few scalars that have moved since.
enum ScalarCategory: Sendable {
    case punctuation, nonspacingMark, vanishing, ordinary

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x166D, 0x111C9: self = .punctuation
        case 0x1734, 0x1171E: self = .nonspacingMark
        case 0x1885, 0x1886, 0xA9BD: self = .ordinary
        case 0x85, 0xFFFD: self = .vanishing
        default: self = Self.isOld(scalar) ? Self(scalar.properties.generalCategory) : .ordinary
        }
    }

    /// Whether the scalar was there in Unicode 8.
    static func isOld(_ scalar: Unicode.Scalar) -> Bool {
        // Private use and surrogates have no age and have always been there.
        guard let age = scalar.properties.age else { return scalar.properties.generalCategory == .privateUse }
        return age.major <= 8
    }

    private init(_ category: Unicode.GeneralCategory) {
        switch category {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            self = .punctuation
        case .nonspacingMark: self = .nonspacingMark
        case .control, .format, .privateUse, .surrogate: self = .vanishing
        default: self = .ordinary
        }
    }
}
