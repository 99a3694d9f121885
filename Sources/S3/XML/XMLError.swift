/// Why bytes are no XML document that an S3 server would send.
struct XMLError: Error, Hashable, Sendable, CustomStringConvertible {
    let message: String
    /// Where in the document, in bytes.
    let offset: Int

    var description: String { "\(message) at byte \(offset)" }
}
