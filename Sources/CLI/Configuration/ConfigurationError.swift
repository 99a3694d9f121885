/// What is wrong with the configuration, in one sentence that says how to mend it.
struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
