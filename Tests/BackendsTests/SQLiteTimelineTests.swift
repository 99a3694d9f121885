import Backends
import Hearth
import HearthTesting
import Logging
import Testing

@Suite("The SQLite timeline")
struct SQLiteTimelineTests {
    @Test("it does what every timeline does", arguments: TimelineConformance.behaviours, [true, false])
    func conformance(behaviour: Behaviour<TimelineConformance>, fsync: Bool) async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: fsync, logger: .test)
            try await behaviour.run(TimelineConformance(SQLiteTimeline(store)))
        }
    }
}
