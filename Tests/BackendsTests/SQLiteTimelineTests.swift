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

    @Test("it does what every storage of a timeline does", arguments: TimelineStorageConformance.behaviours)
    func storage(behaviour: Behaviour<TimelineStorageConformance>) async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteStore.open(directory: folder, fsync: false, logger: .test)
            try await behaviour.run(try TimelineStorageConformance(SQLiteTimeline(store), codec: .zstd))
        }
    }

    @Test("read through an archive it does what every timeline does", arguments: TimelineConformance.behaviours)
    func archived(behaviour: Behaviour<TimelineConformance>) async throws {
        try await withTemporaryFolder { folder in
            let timeline = SQLiteTimeline(try SQLiteStore.open(directory: folder, fsync: false, logger: .test))
            let archiver = Archiver(
                storage: timeline, archive: FolderArchiveStore(root: folder + "/archive", fsync: false), codec: .zstd,
                logger: .test)
            try await behaviour.run(TimelineConformance(ArchivedTimeline(timeline, archiver: archiver)))
        }
    }
}
