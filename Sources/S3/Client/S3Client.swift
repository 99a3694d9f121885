public import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Speaks S3's REST API, signed by Signature Version 4, to AWS, Ceph RGW, MinIO and their like.
///
/// Requests that failed for a passing reason are sent again with growing, random waits; a body that is streamed never is.
/// All methods throw ``S3Error``, or `CancellationError` when the task is cancelled.
public struct S3Client: Sendable {
    public let configuration: S3ClientConfiguration
    private let http: HTTPClient
    private let clock: ServerClock
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameter http: made with ``AsyncHTTPClient/HTTPClient/Configuration/s3(silence:connections:tls:)``.
    public init(_ configuration: S3ClientConfiguration, http: HTTPClient) {
        self.init(configuration, http: http, clock: ServerClock()) { try await Task.sleep(for: $0) }
    }

    init(
        _ configuration: S3ClientConfiguration,
        http: HTTPClient,
        clock: ServerClock,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.configuration = configuration
        self.http = http
        self.clock = clock
        self.sleep = sleep
    }

    /// Sends a request until it is answered by 2xx, or by an error that does not pass.
    func execute(_ request: S3Request, body: S3Body = .empty) async throws -> HTTPClientResponse {
        var attempt = 1
        var mayResynchronise = true
        var mayRenew = true
        while true {
            try Task.checkCancellation()
            let credentials = try configuration.credentials.credentials()
            let failure: Failure
            switch try await attemptOnce(request, body: body, credentials: credentials) {
            case .success(let response): return response
            case .failure(let found): failure = found
            }
            let error = failure.error
            guard body.isRepeatable else { throw error }
            if error.code == .clockSkewed, mayResynchronise, let time = failure.serverTime {
                mayResynchronise = false
                clock.follow(time)
                continue
            }
            if [.accessDenied, .signatureMismatch, .unknownAccessKey].contains(error.code), mayRenew {
                mayRenew = false
                // Rotated while the request was on its way.
                if try configuration.credentials.credentials() != credentials { continue }
            }
            guard error.isRetriable, attempt < configuration.attempts else { throw error }
            let backoff = S3Backoff(first: configuration.firstBackoff, longest: configuration.longestBackoff)
            try await sleep(
                backoff.wait(after: attempt, retryAfter: failure.retryAfter, fraction: .random(in: 0...1)))
            attempt += 1
        }
    }

    /// Sends a request and reads its whole reply as a document with one of these roots.
    func document(_ request: S3Request, body: S3Body = .empty, root: String...) async throws -> XMLElement {
        var attempt = 1
        while true {
            do {
                let response = try await execute(request, body: body)
                return try await document(response, of: request, roots: root)
            } catch let error as S3Error where error.isRetriable && attempt < configuration.attempts {
                // The reply broke off; reading it again changes nothing.
                attempt += 1
                let backoff = S3Backoff(first: configuration.firstBackoff, longest: configuration.longestBackoff)
                try await sleep(backoff.wait(after: attempt, fraction: .random(in: 0...1)))
            }
        }
    }

    private struct Failure: Error {
        var error: S3Error
        var serverTime: S3Timestamp?
        var retryAfter: Duration?
    }

    private func attemptOnce(
        _ request: S3Request,
        body: S3Body,
        credentials: S3Credentials
    ) async throws -> Result<HTTPClientResponse, Failure> {
        let signed = try sign(request, body: body, credentials: credentials)
        let response: HTTPClientResponse
        do {
            response = try await http.execute(signed, deadline: .distantFuture)
        } catch {
            try Task.checkCancellation()
            let error = S3Error(connecting: error, what: request.name, endpoint: "\(configuration.endpoint)")
            return .failure(Failure(error: error))
        }
        guard !(200..<300).contains(Int(response.status.code)) else { return .success(response) }
        let bytes = (try? await response.body.collect(upTo: 1 << 20)).map { Array($0.readableBytesView) } ?? []
        let error = S3Error(
            status: Int(response.status.code), body: bytes, what: request.name, endpoint: "\(configuration.endpoint)")
        return .failure(
            Failure(
                error: error, serverTime: response.headers.first(name: "date").flatMap(S3Timestamp.init(http:)),
                retryAfter: response.headers.first(name: "retry-after").flatMap { Int($0) }.map { .seconds($0) }))
    }

    private func sign(_ request: S3Request, body: S3Body, credentials: S3Credentials) throws -> HTTPClientRequest {
        let target = request.target(configuration)
        let time = clock.now
        var headers = request.headers
        headers.append(("host", request.authority(configuration)))
        headers.append(("x-amz-content-sha256", body.payloadHash))
        headers.append(("x-amz-date", time.basic))
        if let token = credentials.sessionToken { headers.append(("x-amz-security-token", token)) }
        for header in headers where !header.value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            throw S3Error(
                .invalidRequest, "\(request.name): the value of \(header.name) has characters that are not ASCII.")
        }
        let signer = S3Signer(credentials: credentials, region: configuration.region)
        let authorization = signer.authorization(
            method: request.method.rawValue, target: target, headers: headers, payloadHash: body.payloadHash, at: time)
        // Target and headers as they were signed: nothing is left for a URL type to encode.
        var signed = HTTPClientRequest(
            url: "\(configuration.endpoint.scheme)://\(request.authority(configuration))\(target.text)")
        signed.method = request.method
        for header in headers { signed.headers.add(name: header.name, value: header.value) }
        signed.headers.add(name: "authorization", value: authorization)
        signed.body = body.make()
        return signed
    }

    private func document(
        _ response: HTTPClientResponse,
        of request: S3Request,
        roots: [String]
    ) async throws -> XMLElement {
        let bytes: [UInt8]
        do {
            bytes = Array(try await response.body.collect(upTo: 32 << 20).readableBytesView)
        } catch {
            try Task.checkCancellation()
            throw S3Error(.interrupted, "\(request.name): the reply broke off. Try again.", underlying: error)
        }
        do {
            let document = try XMLElement(parsing: bytes)
            if roots.contains(document.name) { return document }
            if document.name == "Error" {
                // A long operation has to answer 200 before it knows how it ends.
                throw S3Error(status: 500, body: bytes, what: request.name, endpoint: "\(configuration.endpoint)")
            }
            throw S3Error(
                .malformedReply, "\(request.name): <\(document.name)> instead of <\(roots[0])>. Is this an S3 server?")
        } catch let error as XMLError {
            throw S3Error(
                .malformedReply, "\(request.name): the reply is no XML. Is this an S3 server?", underlying: error)
        }
    }
}
