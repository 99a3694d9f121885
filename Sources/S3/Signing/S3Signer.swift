import Crypto

/// Signs requests by AWS Signature Version 4. A pure value: the same request at the same second has the same signature.
public struct S3Signer: Sendable {
    /// `x-amz-content-sha256` of a body that is not hashed, because it is streamed.
    public static let unsignedPayload = "UNSIGNED-PAYLOAD"
    /// `x-amz-content-sha256` of a request without a body.
    public static let emptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private let credentials: S3Credentials
    private let region: String
    private let service: String

    public init(credentials: S3Credentials, region: String, service: String = "s3") {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// The value of the `Authorization` field.
    ///
    /// - Parameters:
    ///   - headers: all that are signed: `host` and `x-amz-date` at least.
    ///   - payloadHash: of the body, in hexadecimal, or ``unsignedPayload``.
    public func authorization(
        method: String,
        target: S3Target,
        headers: [(name: String, value: String)],
        payloadHash: String,
        at time: S3Timestamp
    ) -> String {
        let fields = Self.canonical(headers)
        let names = fields.map(\.name).joined(separator: ";")
        let request = canonicalRequest(method: method, target: target, fields: fields, payloadHash: payloadHash)
        let scope = "\(time.day)/\(region)/\(service)/aws4_request"
        let text =
            "AWS4-HMAC-SHA256\n\(time.basic)\n\(scope)\n\(Hexadecimal.text(SHA256.hash(data: Array(request.utf8))))"
        let signature = Hexadecimal.text(Self.code(text, key: key(day: time.day)))
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(names), "
            + "Signature=\(signature)"
    }

    private func canonicalRequest(
        method: String,
        target: S3Target,
        fields: [(name: String, value: String)],
        payloadHash: String
    ) -> String {
        let lines = fields.map { "\($0.name):\($0.value)\n" }.joined()
        let names = fields.map(\.name).joined(separator: ";")
        return "\(method)\n\(target.path)\n\(target.query)\n\(lines)\n\(names)\n\(payloadHash)"
    }

    /// Names in lower case and in order, values trimmed and without runs of spaces, several values of a name joined.
    static func canonical(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for header in headers {
            let value = header.value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
            values[header.name.lowercased(), default: []].append(value)
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    private func key(day: String) -> SymmetricKey {
        var key = SymmetricKey(data: Array("AWS4\(credentials.secretAccessKey)".utf8))
        for part in [day, region, service, "aws4_request"] { key = SymmetricKey(data: Self.code(part, key: key)) }
        return key
    }

    private static func code(_ text: String, key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }
}
