import FoundationEssentials
import S3
import Testing

/// What `botocore_signatures.py` printed, made anew for each run.
private let fixture = ProcessInfo.processInfo.environment["S3_SIGNATURES"]

@Suite("Signatures of another implementation", .enabled(if: fixture != nil))
struct SignatureComparisonTests {
    private struct Sample: Decodable {
        let method: String
        let path: String
        let query: [[String]]
        let host: String
        let headers: [[String]]
        let secret: String
        let session: String?
        let seconds: Int
        let hash: String
        let authorization: String
    }

    @Test("botocore signs random requests as this driver does")
    func botocore() throws {
        let lines = try Data(contentsOf: URL(filePath: try #require(fixture))).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count >= 1000)
        for line in lines {
            let sample = try JSONDecoder().decode(Sample.self, from: line)
            let time = S3Timestamp(seconds: sample.seconds)
            var headers = sample.headers.map { (name: $0[0], value: $0[1]) }
            headers += [("host", sample.host), ("x-amz-date", time.basic), ("x-amz-content-sha256", sample.hash)]
            if let session = sample.session { headers.append(("x-amz-security-token", session)) }
            let signer = S3Signer(
                credentials: S3Credentials(
                    accessKeyID: "AKIDEXAMPLE", secretAccessKey: sample.secret, sessionToken: sample.session),
                region: "eu-test-1")
            let target = S3Target(path: sample.path, query: sample.query.map { (name: $0[0], value: $0[1]) })
            let authorization = signer.authorization(
                method: sample.method, target: target, headers: headers, payloadHash: sample.hash, at: time)
            #expect(authorization == sample.authorization, "\(sample.method) \(target.text)")
        }
    }
}
