public import Testing

/// One behaviour of a conformance suite, to run over every implementation of a port with a parameterised test.
public struct Behaviour<Suite: Sendable>: Sendable, CustomTestStringConvertible {
    /// The method's name.
    public let name: String
    private let body: @Sendable (Suite) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (Suite) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs it; what is not as it should be becomes an issue of the current test.
    public func run(_ suite: Suite) async throws { try await body(suite) }

    public var testDescription: String { name }
}
