import Pulsar

/// One thing that the client does with a broker.
struct Behaviour: Sendable {
    let name: String
    let run: @Sendable (Ground) async throws -> Void

    init(_ name: String, _ run: @escaping @Sendable (Ground) async throws -> Void) {
        self.name = name
        self.run = run
    }
}

/// What a behaviour did not do.
struct Deviation: Error, CustomStringConvertible {
    let description: String
}

/// - Throws: ``Deviation`` if `condition` does not hold.
func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw Deviation(description: what()) }
}

/// - Throws: ``Deviation`` that shows both, if they differ.
func expect<Value: Equatable>(_ found: Value, is wanted: Value, _ what: String) throws {
    if found != wanted { throw Deviation(description: "\(what): found \(found), expected \(wanted)") }
}
