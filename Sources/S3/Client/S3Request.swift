import NIOHTTP1

/// One request, before it is signed.
struct S3Request: Sendable {
    var method: HTTPMethod
    var bucket: String
    var key: String?
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []

    /// For messages.
    var name: String { "\(method.rawValue) s3://\(bucket)" + (key.map { "/" + $0 } ?? "") }

    func authority(_ configuration: S3ClientConfiguration) -> String {
        let host = configuration.endpoint.authority
        return configuration.addressing == .path ? host : "\(bucket).\(host)"
    }

    func target(_ configuration: S3ClientConfiguration) -> S3Target {
        let tail = key.map { "/" + $0 } ?? ""
        let path = configuration.addressing == .path ? "/\(bucket)\(tail)" : tail.isEmpty ? "/" : tail
        return S3Target(path: path, query: query)
    }
}
