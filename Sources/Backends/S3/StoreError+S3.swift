import Hearth
import S3

extension StoreError {
    /// The same failure in the words of the stores.
    init(_ error: S3Error) {
        let code: Code
        switch error.code {
        case .noSuchBucket, .noSuchKey, .noSuchUpload: code = .notFound
        case .preconditionFailed, .bucketExists, .notModified: code = .conflict
        case .invalidRequest, .invalidRange: code = .invalid
        // Also what waiting alone does not mend: whoever mends a secret or a clock need not ingest again.
        case .unreachable, .interrupted, .slowDown, .serverFailed, .malformedReply, .accessDenied, .signatureMismatch,
            .unknownAccessKey, .clockSkewed, .noCredentials, .refused, .untrusted:
            code = .unreachable
        }
        let setting = error.code == .untrusted ? " See s3.trusted_certificates_file." : ""
        self.init(code, "S3: \(error.message)\(setting)", underlying: error.underlying)
    }

    /// Runs `body`; failures of S3 in it are thrown as failures of the store.
    static func translatingS3<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as S3Error { throw StoreError(error) }
    }
}
