/// The sorts of questions that can be made without anybody writing them.
public enum QuestionKind: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    /// A function's documentation, asked of code without documentation.
    case docstring
    /// A commit's subject, asked of the commit before it.
    case commit
    case symbolExact = "symbol-exact"
    case symbolQualified = "symbol-qualified"
    case symbolSplit = "symbol-split"
    case symbolTypo = "symbol-typo"
    case symbolPrefix = "symbol-prefix"
    /// The text of an error, and the line that raises it.
    case error
    /// A test, and the file that it tests.
    case test
    /// A sentence of the documentation with a link, and the file that it leads to.
    case link

    /// What of the sources is searched.
    enum View: String, Sendable, CaseIterable {
        case plain, undocumented, history
    }

    var view: View {
        switch self {
        case .docstring: .undocumented
        case .commit: .history
        default: .plain
        }
    }

    /// What counts as one result: a passage, or a file whatever its passages.
    public var unit: RelevanceUnit {
        switch self {
        case .commit, .test, .link: .file
        default: .lines
        }
    }

    /// The kinds that a name stands for: its own, `symbol` for five, `all`; empty if there is none.
    public static func named(_ name: String) -> [QuestionKind] {
        if name == "all" { return allCases }
        return allCases.filter { $0.rawValue == name || $0.rawValue.hasPrefix(name + "-") }
    }
}

/// What is judged in a ranked list.
public enum RelevanceUnit: String, Sendable, Codable {
    /// A passage is right if its lines overlap the wanted ones.
    case lines
    /// The first passage of a file stands for the file.
    case file
}
