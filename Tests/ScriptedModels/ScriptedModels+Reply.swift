import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

extension ScriptedModels {
    /// Ends a reply by closing the connection.
    private struct BrokenOff: Error {}

    func json(_ request: Request) async throws -> JSON {
        var request = request
        return try await json(&request)
    }

    func json(_ request: inout Request) async throws -> JSON {
        let buffer = try await request.collectBody(upTo: 64 << 20)
        do {
            return try JSONDecoder().decode(JSON.self, from: Data(buffer.readableBytesView))
        } catch {
            throw BadRequest("the body is no JSON")
        }
    }

    /// Carries a script out; ends early when the client goes away.
    func reply(to request: Request, script: ModelScript, wire: some ModelWire) -> Response {
        if let refusal = script.refusal {
            statistics.end(abandoned: false)
            return Response(
                status: HTTPResponse.Status(code: refusal.status), headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: refusal.body)))
        }
        return Response(
            status: .ok, headers: [.contentType: wire.contentType],
            body: ResponseBody { writer in
                do {
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        try await play(script, wire: wire, to: &writer)
                    }
                    statistics.end(abandoned: false)
                } catch is BrokenOff {
                    statistics.end(abandoned: false)
                    throw BrokenOff()
                } catch {
                    statistics.end(abandoned: true)
                    throw error
                }
                try await writer.finish(nil)
            })
    }

    @concurrent
    private func play(
        _ script: ModelScript,
        wire: some ModelWire,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        var written = 0
        for step in script.steps {
            try Task.checkCancellation()
            switch step {
            case .text(let text):
                written += 1
                try await send(wire.text(text), of: script, to: &writer)
            case .thinking(let text): try await send(wire.thinking(text), of: script, to: &writer)
            case .bytes(let bytes): try await send(bytes, of: script, to: &writer)
            case .perform(let action): try await action()
            case .error(let message):
                try await send(wire.error(message), of: script, to: &writer)
                return
            case .breakOff: throw BrokenOff()
            // check: allow sleep because a server that hangs is what is played; the client goes away
            case .hang: try await Task.sleep(for: .seconds(3600))
            }
            statistics.step()
        }
        guard let reason = script.finishReason else { return }
        let ending = wire.ending(reason: reason, promptTokens: script.promptTokens, writtenTokens: written)
        try await send(ending, of: script, to: &writer)
    }

    @concurrent
    private func send(
        _ bytes: [UInt8],
        of script: ModelScript,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        let size = script.packetBytes ?? bytes.count
        for start in stride(from: 0, to: bytes.count, by: max(size, 1)) {
            let end = min(start + size, bytes.count)
            try await writer.write(ByteBuffer(bytes: bytes[start..<end]))
        }
    }
}
