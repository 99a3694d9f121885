/// A request that a strict server refuses, with the reason.
struct BadRequest: Error {
    let message: String

    init(_ message: String) { self.message = message }
}
