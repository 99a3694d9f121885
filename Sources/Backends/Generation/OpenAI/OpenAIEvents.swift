import AsyncHTTPClient
import FoundationEssentials
import Hearth
import NIOCore
import OpenAI

/// The events of a streamed chat completion, read only as they are asked for.
struct OpenAIEvents: AsyncSequence, Sendable {
    typealias Element = GenerationEvent
    typealias Failure = any Error

    let body: HTTPClientResponse.Body
    let model: String
    let server: String

    func makeAsyncIterator() -> Iterator {
        Iterator(packets: body.makeAsyncIterator(), model: model, server: server)
    }

    struct Iterator: AsyncIteratorProtocol {
        private var packets: HTTPClientResponse.Body.AsyncIterator
        private var parser = EventStreamParser()
        private let model: String
        private let server: String
        private var reason: FinishReason?
        private var usage = TokenUsage()
        private var hasEnded = false

        init(packets: HTTPClientResponse.Body.AsyncIterator, model: String, server: String) {
            self.packets = packets
            self.model = model
            self.server = server
        }

        @concurrent
        mutating func next() async throws -> GenerationEvent? {
            guard !hasEnded else { return nil }
            do {
                let event = try await nextEvent()
                if case .finished = event { hasEnded = true }
                return event
            } catch {
                hasEnded = true
                throw error
            }
        }

        @concurrent
        private mutating func nextEvent() async throws -> GenerationEvent {
            while true {
                while let event = try parsed() {
                    if event.data == "[DONE]" { return .finished(reason ?? .stop, usage) }
                    if let text = try read(event), !text.isEmpty { return .text(text) }
                }
                guard let packet = try await nextPacket() else {
                    // Some servers close without [DONE]; a finish reason is an end as well.
                    if let reason { return .finished(reason, usage) }
                    throw GeneratorError(.unavailable, "\(server) ended its reply before it had finished.")
                }
                parser.append(packet.readableBytesView)
            }
        }

        private mutating func parsed() throws -> EventStreamParser.Event? {
            do {
                return try parser.next()
            } catch {
                throw GeneratorError(.malformedReply, "\(server) sent an event of more than \(error.limit) bytes.")
            }
        }

        private mutating func read(_ event: EventStreamParser.Event) throws -> String? {
            let data = Data(event.data.utf8)
            guard let chunk = try? JSONDecoder().decode(CompletionChunk.self, from: data),
                chunk.choices != nil || chunk.usage != nil
            else {
                guard let failure = try? JSONDecoder().decode(CompletionFailure.self, from: data) else {
                    throw GeneratorError(.malformedReply, "\(server) sent an event that is no chat completion chunk.")
                }
                throw failure.generatorError(status: nil, model: model, server: server)
            }
            if let told = chunk.usage {
                usage = TokenUsage(prompt: told.promptTokens ?? 0, completion: told.completionTokens ?? 0)
            }
            guard let choice = chunk.choices?.first else { return nil }
            switch choice.finishReason {
            case nil: break
            case "length": reason = .length
            case "content_filter":
                throw GeneratorError(.refused, "\(server) withheld the rest of the answer (content filter).")
            default: reason = .stop
            }
            return choice.delta?.content
        }

        @concurrent
        private mutating func nextPacket() async throws -> ByteBuffer? {
            do {
                let packet = try await packets.next()
                try Task.checkCancellation()
                return packet
            } catch {
                try Task.checkCancellation()
                if reason != nil { return nil }
                throw GeneratorError(.unavailable, "The connection to \(server) broke.", underlying: error)
            }
        }
    }
}
