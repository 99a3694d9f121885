import AsyncHTTPClient
import NIOCore

/// The lines of a chat reply, read from the connection only as they are asked for.
///
/// The last line is the one with an ending. Throws ``OllamaError``: what a line in the middle says, `interrupted`
/// if there is no last line. Can be iterated once; stopping to iterate closes the connection.
public struct OllamaChatStream: AsyncSequence, Sendable {
    public typealias Element = OllamaChatReply
    public typealias Failure = any Error

    private let body: HTTPClientResponse.Body
    private let longestLine: Int

    init(body: HTTPClientResponse.Body, longestLine: Int) {
        self.body = body
        self.longestLine = longestLine
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(packets: body.makeAsyncIterator(), lines: LineSplitter(limit: longestLine))
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private var packets: HTTPClientResponse.Body.AsyncIterator
        private var lines: LineSplitter
        private var hasEnded = false

        init(packets: HTTPClientResponse.Body.AsyncIterator, lines: LineSplitter) {
            self.packets = packets
            self.lines = lines
        }

        @concurrent
        public mutating func next() async throws -> OllamaChatReply? {
            guard !hasEnded else { return nil }
            do {
                let reply = try await nextReply()
                hasEnded = reply.ending != nil
                return reply
            } catch {
                hasEnded = true
                throw error
            }
        }

        @concurrent
        private mutating func nextReply() async throws -> OllamaChatReply {
            while true {
                while let line = try nextLine() {
                    if !line.isEmpty { return try ChatLine.reply(line) }
                }
                if let packet = try await nextPacket() {
                    lines.append(packet.readableBytesView)
                } else if let line = lines.rest(), !line.isEmpty {
                    return try ChatLine.reply(line)
                } else {
                    throw OllamaError(.interrupted, "Ollama ended its reply before the last line.")
                }
            }
        }

        private mutating func nextLine() throws -> [UInt8]? {
            do {
                return try lines.next()
            } catch {
                throw OllamaError(.malformedReply, "Ollama sent a line of more than \(error.limit) bytes.")
            }
        }

        @concurrent
        private mutating func nextPacket() async throws -> ByteBuffer? {
            do {
                let packet = try await packets.next()
                try Task.checkCancellation()
                return packet
            } catch {
                try Task.checkCancellation()
                throw OllamaError(.interrupted, "The connection to Ollama broke.", underlying: error)
            }
        }
    }
}
