/// What must hold for a request to be done.
public enum S3Condition: Hashable, Sendable {
    /// The object has this ETag.
    case matches(etag: String)
    /// The object has another ETag; for a GET that is `notModified` otherwise.
    case differs(etag: String)
    /// There is no object yet; `preconditionFailed` otherwise.
    case isAbsent

    var header: (name: String, value: String) {
        switch self {
        case .matches(let etag): ("if-match", S3ETag.quoted(etag))
        case .differs(let etag): ("if-none-match", S3ETag.quoted(etag))
        case .isAbsent: ("if-none-match", "*")
        }
    }
}
