import Backends
import Foundation
import Hearth
import Postgres

extension History {
    /// Compresses all sessions, eight at a time, and says what they take then.
    func cool(_ store: PostgresStore) async throws -> String {
        let begin = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<8 {
                group.addTask {
                    for number in stride(from: lane, to: sessions.count, by: 8) {
                        try await timeline.cool(sessions[number])
                    }
                }
            }
            try await group.waitForAll()
        }
        let duration = begin.duration(to: .now) / .seconds(1)
        try await store.pool.execute("VACUUM ANALYZE block", timeout: .seconds(3_600))
        let bytes: Int = try await store.pool.query("SELECT pg_total_relation_size('block')")[0][0]
        return summary("cooled", duration, bytes: bytes, in: "blocks")
    }

    /// Archives all sessions, 512 an object, and says what they take then.
    func archive(_ archiver: Archiver, _ store: PostgresStore) async throws -> String {
        let begin = ContinuousClock.now
        for first in stride(from: 0, to: sessions.count, by: 512) {
            let some = Array(sessions[first..<min(first + 512, sessions.count)])
            guard try await archiver.archive(some, of: ProjectID(rawValue: "demo")) > 0 else {
                throw StoreError(.conflict, "Nothing was archived.")
            }
        }
        let duration = begin.duration(to: .now) / .seconds(1)
        try await store.pool.execute("VACUUM ANALYZE archive_part", timeout: .seconds(3_600))
        let manifest: Int = try await store.pool.query(
            "SELECT pg_total_relation_size('archive_part') + pg_total_relation_size('archive_object')")[0][0]
        let objects: Int = try await store.pool.query("SELECT coalesce(sum(bytes), 0)::int8 FROM archive_object")[0][0]
        return summary("archived", duration, bytes: objects, in: "objects") + "; "
            + String(format: "%.0f in the manifest", Double(manifest) / Double(messages))
    }

    private var messages: Int { sessions.count * 2 * Self.turns }

    private func summary(_ what: String, _ duration: Double, bytes: Int, in place: String) -> String {
        String(
            format: "%d messages \(what) in %.0f s: %.0f per second, %.0f bytes each in \(place)", messages, duration,
            Double(messages) / duration, Double(bytes) / Double(messages))
    }
}
