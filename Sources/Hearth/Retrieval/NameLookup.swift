/// A name that a question may mean, and how freely it is taken.
struct NameLookup: Hashable, Sendable {
    /// What a declared name has to do with the one looked for.
    enum Closeness: Hashable, Sendable {
        case same
        /// It differs by one typing error.
        case near
        /// It begins with it; the part of its letters that was given.
        case beginning(Double)
    }

    /// How much of a name the question has to give.
    enum Reach: Hashable, Sendable {
        case whole, oneError
        /// Or only its beginning.
        case beginning
    }

    let key: String
    let reach: Reach

    /// What an index has to look up, the surest first.
    var keys: [String] {
        switch reach {
        case .whole: [NameKeys.exact(key)]
        case .oneError: [NameKeys.exact(key)] + NameKeys.near(key)
        case .beginning:
            [NameKeys.exact(key)] + NameKeys.near(key)
                + (key.count >= NameKeys.beginning ? [NameKeys.starting(with: key)] : [])
        }
    }

    /// `nil` if the name is another one.
    func closeness(to name: String) -> Closeness? {
        if name == key { return .same }
        if reach == .whole { return nil }
        if key.count >= NameKeys.shortestWithError, TypingError.separates(Array(key), Array(name)) { return .near }
        guard reach == .beginning, key.count >= NameKeys.beginning, name.hasPrefix(key) else { return nil }
        return .beginning(Double(key.count) / Double(name.count))
    }
}
