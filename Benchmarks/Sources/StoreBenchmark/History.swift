import Backends
import Foundation
import Hearth
import Postgres

/// A timeline of many sessions of 20 messages, over 90 days.
struct History: Sendable {
    let sessions: [SessionID]
    let timeline: PostgresTimeline
    let summary: String

    static let turns = 10

    /// A question and its answer, of the size that they have.
    static func messages(of session: SessionID, at date: Date, turn: Int) -> [Message] {
        let id = CorrelationID.next(at: date)
        let project = ProjectID(rawValue: "demo")
        let answer = (0..<8).map {
            "Line \($0) of answer \(turn) says that `Retry\(id.rawValue.suffix(6))` is in Sources/File\($0).swift [\($0)]."
        }
        return [
            Message(
                id: "\(id)-question", sessionID: session, projectID: project, role: .user,
                text: "Question \(turn): where is the retry policy applied, and who calls it?", createdAt: date,
                correlationID: id),
            Message(
                id: "\(id)-answer", sessionID: session, projectID: project, role: .assistant,
                text: answer.joined(separator: "\n"), createdAt: date.addingTimeInterval(0.001), correlationID: id),
        ]
    }

    static func fill(_ store: PostgresStore, messages: Int) async throws -> History {
        let timeline = PostgresTimeline(store)
        let count = max(1, messages / (2 * turns))
        let start = Date(timeIntervalSinceNow: -90 * 86_400)
        let begin = ContinuousClock.now
        let before = try await bytes(store)
        let sessions = try await withThrowingTaskGroup(of: [SessionID].self) { group in
            for lane in 0..<64 {
                group.addTask {
                    var sessions: [SessionID] = []
                    for number in stride(from: lane, to: count, by: 64) {
                        let date = start.addingTimeInterval(Double(number) / Double(count) * 90 * 86_400)
                        let session = Session(
                            id: .next(at: date), projectID: ProjectID(rawValue: "demo"), title: "Session \(number)",
                            createdAt: date)
                        let messages = (0..<turns).flatMap {
                            Self.messages(of: session.id, at: date.addingTimeInterval(Double($0) * 60), turn: $0)
                        }
                        try await timeline.append(messages, to: session)
                        sessions.append(session.id)
                    }
                    return sessions
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let duration = begin.duration(to: .now) / .seconds(1)
        // What a server does by itself in the next minutes.
        try await store.pool.execute("VACUUM ANALYZE message", timeout: .seconds(3_600))
        try await store.pool.execute("VACUUM ANALYZE session", timeout: .seconds(600))
        let written = sessions.count * 2 * turns
        let each = Double(try await bytes(store) - before) / Double(written)
        return History(
            sessions: sessions, timeline: timeline,
            summary: String(
                format: "%d messages in %.0f s: %.0f per second, %.0f bytes each with their index", written, duration,
                Double(written) / duration, each))
    }

    /// What the messages take, chunks and indexes included.
    private static func bytes(_ store: PostgresStore) async throws -> Int {
        let size = store.edition == .plain ? "pg_total_relation_size('message')" : "hypertable_size('message')"
        return try await store.pool.query("SELECT \(size)::int8")[0][0]
    }

    /// - Parameter timeline: through which the history is read.
    func readSession(_ timeline: any Timeline) async throws {
        guard let session = sessions.randomElement() else { return }
        let messages = try await timeline.messages(in: session, before: nil, limit: 100)
        guard messages.count == 2 * Self.turns else { throw StoreError(.corrupt, "A session is not whole.") }
    }

    func list() async throws { _ = try await timeline.sessions(in: nil, before: nil, limit: 50) }
}
