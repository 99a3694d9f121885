import CoreMetrics
import Hearth
import Hummingbird
import Metrics
import NIOCore
import OpenAI

/// Writes one answer as a stream of chunks.
///
/// Only `data:` lines and comments: an `id:`, `retry:` or `event:` line breaks clients. A stream that ends without
/// `[DONE]` has an error as its last line.
struct ChatStream: Sendable {
    let answer: OpenAnswer
    let template: ChunkTemplate
    let parts: GatewayParts

    // Concurrent like the body writer of Hummingbird, which must not change hands.
    @concurrent
    func write(to writer: inout any ResponseBodyWriter) async throws {
        var output = Output(writer: writer, startedAt: answer.startedAt, instruments: parts.instruments)
        parts.instruments.openStreams.increment()
        defer { parts.instruments.openStreams.decrement() }
        do {
            try await begin(&output)
            try await pass(&output)
        } catch let error as WriteFailure {
            // The connection broke while something was written: the same as a client that closes it.
            answer.deliveries.subscription.inbox.close(throwing: ClientGone())
            throw error
        } catch is ClientGone {
            parts.instruments.count(outcome: "disconnected")
            throw ClientGone()
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            parts.instruments.count(outcome: "failed")
            try await output.write(error: error)
        }
        try await output.finish()
    }

    @concurrent
    private func begin(_ output: inout Output) async throws {
        var first: [UInt8] = []
        if answer.position > 1 || (answer.wait ?? 0) > 1 {
            first += ChunkTemplate.comment(Self.queued(answer.position, wait: answer.wait))
        }
        try await output.write(first + template.role())
    }

    @concurrent
    private func pass(_ output: inout Output) async throws {
        var written = Answer()
        var failed = false
        try await answer.read(with: parts) {
            if ContinuousClock.now - output.lastWrite >= parts.settings.keepAlive {
                try await output.write(ChunkTemplate.comment(await status(hasBegun: written.lastSequence > 0)))
            }
        } event: { event in
            let hadText = !written.text.isEmpty
            written.add(event)
            switch event.kind {
            case .retrieved: break
            case .text(let text): try await output.write(text: template.text(text))
            case .restarted: if hadText { try await output.write(template.restarted()) }
            case .completed(let summary):
                var end = try template.last(written, summary: summary, id: answer.id, question: answer.question)
                if template.includesUsage { end += try template.usage(summary.usage) }
                try await output.write(end + ChunkTemplate.done)
            case .failed(let failure):
                failed = true
                try await output.write(error: failure)
            case .cancelled:
                failed = true
                try await output.write(error: APIError.cancelled)
            }
        }
        parts.instruments.count(outcome: failed ? "failed" : "completed")
    }

    private func status(hasBegun: Bool) async -> String {
        guard !hasBegun else { return "working" }
        let outlook = await parts.admissions.outlook()
        let position = max(1, min(answer.position, outlook.waiting))
        return Self.queued(position, wait: outlook.secondsPerAnswer.map { $0 * Double(position) })
    }

    /// Never begins with `ping`, on which one client stumbles.
    static func queued(_ position: Int, wait: Double?) -> String {
        "queued \(position)" + (wait.map { " eta \(Int($0.rounded(.up)))s" } ?? "")
    }
}

/// Something could not be written: the connection is broken.
struct WriteFailure: Error {
    let underlying: any Error
}

extension ChatStream {
    /// The stream's writing end.
    fileprivate struct Output {
        var writer: any ResponseBodyWriter
        var lastWrite = ContinuousClock.now
        let startedAt: ContinuousClock.Instant
        let instruments: Instruments
        private var hasText = false

        init(writer: any ResponseBodyWriter, startedAt: ContinuousClock.Instant, instruments: Instruments) {
            self.writer = writer
            self.startedAt = startedAt
            self.instruments = instruments
        }

        @concurrent
        mutating func write(_ bytes: [UInt8]) async throws {
            do {
                try await writer.write(ByteBuffer(bytes: bytes))
            } catch let error as CancellationError {
                throw error
            } catch {
                throw WriteFailure(underlying: error)
            }
            lastWrite = .now
        }

        @concurrent
        mutating func write(text bytes: [UInt8]) async throws {
            if !hasText {
                hasText = true
                instruments.timeToFirstToken.record(duration: ContinuousClock.now - startedAt)
            }
            try await write(bytes)
        }

        /// The last line of a stream that has no `[DONE]`.
        @concurrent
        mutating func write(error: any Error) async throws {
            let failure = (error as? TaskFailure).map(APIError.init(failure:)) ?? APIError(describing: error)
            try await write(try ChunkTemplate.data(ErrorReply(failure.detail)))
        }

        @concurrent
        mutating func finish() async throws { try await writer.finish(nil) }
    }
}
