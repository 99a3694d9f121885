import Backends
import Foundation
import Hearth
import Logging

/// Fills a timeline with conversations of real text, lets the oldest cool down and be archived by heat runs, and measures
/// all three tiers.
struct HistoryBenchmark: Sendable {
    let store: any HistoryStore
    let corpus: Corpus
    let archive: String
    /// How many messages are wanted, and how many of them become warm and then cold.
    let messages: Int
    let moved: Int
    /// How often all of it is copied by the database; the copies stay hot.
    let copies: Int
    let answerBytes: Int
    /// The longest that filling may take: what is written then is measured.
    let fillSeconds: Double
    /// How long each row of readers is measured.
    let seconds: Double

    private static let days = 90.0
    private static let perSession = 2 * Conversation.turns
    /// Their messages come together, as from so many workers.
    private static let writers = 64

    func run() async throws {
        let start = Date(timeIntervalSinceNow: -Self.days * 86_400)
        let (sessions, filling) = try await fill(from: start)
        let count = min(moved / Self.perSession, sessions.count)
        // Halfway between the last use of the last session that is moved and of the first that is not.
        let now = Date()
        let end = date(of: count, from: start).addingTimeInterval(Double(Conversation.turns - 1) * 60)
        let spacing = date(of: 1, from: start).timeIntervalSince(start)
        let days = Int(date(of: sessions.count, from: start).timeIntervalSince(start) / 86_400)
        let daysOfMoved = Double(count) / Double(max(1, sessions.count)) * Self.days
        let all =
            copies == 0
            ? sessions
            : sessions + (try await store.multiply(sessions, copies: copies, days: daysOfMoved + 1))
        try await store.settle()
        let written = all.count * Self.perSession
        let limit = now.timeIntervalSince(end.addingTimeInterval(-spacing / 2)) / 86_400
        print(
            "\n\(store.name): \(written) messages in \(all.count) sessions over \(days) days, \(copies) of \(copies + 1) copied, "
                + "the oldest \(count * Self.perSession) of them moved.\n")
        print(
            "| tier | bytes a message | of hot | a session's messages, 1 reader, p50 / p99 ms | 8 readers | messages a second into it |"
        )
        print("|---|---|---|---|---|---|")

        let archiver = Archiver(
            storage: store.storage, archive: FolderArchiveStore(root: archive, fsync: true), codec: .zstd,
            logger: Self.silence, now: { now })
        let timeline = ArchivedTimeline(store.storage, archiver: archiver)
        let hot = Double(try await store.hotBytes()) / Double(written)
        try await row(
            "hot", bytes: hot, of: hot, rate: Double(sessions.count * Self.perSession) / filling, timeline, all)

        let oldest = Array(sessions.prefix(count))
        var begin = ContinuousClock.now
        let cooled = try await heat(archiver, HeatPolicy(hotDays: limit, warmDays: 10_000)).run()
        let cooling = begin.duration(to: .now) / .seconds(1)
        guard cooled.cooledSessions == count else {
            throw Mismatch(what: "cooled", is: cooled.cooledSessions, not: count)
        }
        try await store.settle()
        let warm = Double(try await store.warmBytes()) / Double(count * Self.perSession)
        try await row("warm", bytes: warm, of: hot, rate: Double(count * Self.perSession) / cooling, timeline, oldest)

        begin = ContinuousClock.now
        let archived = try await heat(archiver, HeatPolicy(hotDays: limit, warmDays: limit)).run()
        let archiving = begin.duration(to: .now) / .seconds(1)
        guard archived.archivedSessions == count else {
            throw Mismatch(what: "archived", is: archived.archivedSessions, not: count)
        }
        try await store.settle()
        let objects = try await store.storage.usage().filter { $0.heat == .cold }.reduce(0) { $0 + $1.tally.bytes }
        let cold = Double(objects + (try await store.manifestBytes())) / Double(count * Self.perSession)
        try await row("cold", bytes: cold, of: hot, rate: Double(count * Self.perSession) / archiving, timeline, oldest)
    }

    private func date(of number: Int, from start: Date) -> Date {
        start.addingTimeInterval(Double(number) * Double(Self.perSession) / Double(messages) * Self.days * 86_400)
    }

    /// Writes question and answer together, as a worker does, in the order of time.
    private func fill(from start: Date) async throws -> (sessions: [SessionID], seconds: Double) {
        let begin = ContinuousClock.now
        let end = begin + .seconds(fillSeconds)
        let count = messages / Self.perSession
        let storage = store.storage
        let sessions = try await withThrowingTaskGroup(of: [(Int, SessionID)].self) { group in
            for lane in 0..<Self.writers {
                group.addTask {
                    var sessions: [(Int, SessionID)] = []
                    for number in stride(from: lane, to: count, by: Self.writers) where ContinuousClock.now < end {
                        let conversation = Conversation(
                            number, from: corpus, answerBytes: answerBytes, at: date(of: number, from: start))
                        for first in stride(from: 0, to: Self.perSession, by: 2) {
                            try await storage.append(
                                Array(conversation.messages[first..<first + 2]), to: conversation.session)
                        }
                        sessions.append((number, conversation.session.id))
                    }
                    return sessions
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let ordered = sessions.sorted { $0.0 < $1.0 }.map(\.1)
        return (ordered, begin.duration(to: .now) / .seconds(1))
    }

    private func heat(_ archiver: Archiver, _ policy: HeatPolicy) -> HeatRun {
        HeatRun(storage: store.storage, ledger: store.ledger, archiver: archiver, policy: policy, logger: Self.silence)
    }

    private func row(
        _ tier: String,
        bytes: Double,
        of hot: Double,
        rate: Double,
        _ timeline: any Timeline,
        _ sessions: [SessionID]
    ) async throws {
        var cells: [String] = []
        for lanes in [1, 8] {
            let measurement = try await Measurement(lanes: lanes, seconds: seconds) { _, _ in
                guard let session = sessions.randomElement() else { return }
                let found = try await timeline.messages(in: session, before: nil, limit: 100).count
                guard found == Self.perSession else {
                    throw Mismatch(what: "read of \(session)", is: found, not: Self.perSession)
                }
            }
            cells.append(measurement.cell)
        }
        print(
            String(
                format: "| \(tier) | %.0f | %.1f %% | \(cells[0]) | \(cells[1]) | %.0f |", bytes, bytes / hot * 100,
                rate))
    }

    private static let silence = Logger(label: "benchmark", factory: { _ in SwiftLogNoOpLogHandler() })

    struct Mismatch: Error, CustomStringConvertible {
        let what: String
        let `is`: Int
        let not: Int
        var description: String { "\(what): \(`is`), not \(not)." }
    }
}
