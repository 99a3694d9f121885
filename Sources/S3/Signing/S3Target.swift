/// The path and the query of a request, encoded: what is signed and what is sent are the same bytes.
public struct S3Target: Hashable, Sendable {
    /// Begins with `/`; each segment encoded once, nothing normalised: `//`, `.` and `..` are part of a key.
    public let path: String
    /// Sorted by encoded name, then value, joined by `&`; a parameter without a value is `name=`.
    public let query: String

    /// - Parameters:
    ///   - path: as it is meant, not encoded; with or without the first `/`.
    ///   - query: names and values as they are meant.
    public init(path: String, query: [(name: String, value: String)] = []) {
        let encoded = PercentEncoding.encode(path, keepsSlash: true)
        self.path = encoded.hasPrefix("/") ? encoded : "/" + encoded
        self.query = query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { $0 < $1 }
            .map { "\($0)=\($1)" }
            .joined(separator: "&")
    }

    /// What follows the authority in the request line.
    public var text: String { query.isEmpty ? path : path + "?" + query }
}
