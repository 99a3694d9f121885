extension S3Error {
    /// The error that a reply stands for.
    ///
    /// - Parameters:
    ///   - what: what was asked for, for people: `GET s3://bucket/key`.
    ///   - body: the XML document of an error; empty for replies to HEAD and for many proxies.
    init(status: Int, body: [UInt8], what: String, endpoint: String) {
        let document = try? XMLElement(parsing: body)
        let said = document.flatMap { $0.name == "Error" ? $0 : $0.first("Error") }
        let serverCode = said?.text(of: "Code")
        let code = Self.code(status: status, serverCode: serverCode, hasKey: what.split(separator: "/").count > 2)
        let words = said?.text(of: "Message").flatMap { $0.isEmpty ? nil : $0 }
        let reason = [serverCode, words].compactMap { $0 }.joined(separator: ": ")
        let advice = Self.advice(code, endpoint: endpoint)
        self.init(
            code, "\(what): \(status)\(reason.isEmpty ? "" : " \(reason)").\(advice.isEmpty ? "" : " \(advice)")",
            status: status, serverCode: serverCode)
    }

    private static func code(status: Int, serverCode: String?, hasKey: Bool) -> Code {
        switch serverCode {
        case "NoSuchKey", "NoSuchVersion": return .noSuchKey
        case "NoSuchBucket": return .noSuchBucket
        case "NoSuchUpload": return .noSuchUpload
        case "SignatureDoesNotMatch": return .signatureMismatch
        case "InvalidAccessKeyId", "InvalidToken", "ExpiredToken": return .unknownAccessKey
        case "RequestTimeTooSkewed": return .clockSkewed
        case "AccessDenied": return .accessDenied
        case "SlowDown", "ServiceUnavailable", "Throttling", "TooManyRequests": return .slowDown
        case "RequestTimeout", "InternalError": return .serverFailed
        case "BucketAlreadyExists", "BucketAlreadyOwnedByYou": return .bucketExists
        case "InvalidRange": return .invalidRange
        case "PreconditionFailed": return .preconditionFailed
        default: break
        }
        switch status {
        case 304: return .notModified
        case 401, 403: return .accessDenied
        // A reply to HEAD has no body: whether the bucket is missing or the key, the caller finds out by asking again.
        case 404: return hasKey ? .noSuchKey : .noSuchBucket
        case 409 where serverCode == "ConditionalRequestConflict": return .slowDown
        case 412: return .preconditionFailed
        case 416: return .invalidRange
        case 429, 503: return .slowDown
        case 500...: return .serverFailed
        default: return .refused
        }
    }

    private static func advice(_ code: Code, endpoint: String) -> String {
        switch code {
        case .signatureMismatch: "Check the secret access key, and that no proxy changes requests to \(endpoint)."
        case .unknownAccessKey: "Check the access key id: \(endpoint) does not know it, or no longer."
        case .accessDenied: "Give this access key the right to do that."
        case .noSuchBucket: "Check the bucket's name, or create it."
        case .clockSkewed: "Set this machine's clock."
        case .slowDown: "Send fewer requests at a time, or try again later."
        case .serverFailed: "Try again later; the server's log has the reason."
        default: ""
        }
    }
}
