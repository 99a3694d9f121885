import Foundation
import Testing

@testable import Verify

@Suite("What a run leaves behind")
struct ScratchTests {
    private static let conflict = VerifyError(.refused, "still being answered")
    private static let away = VerifyError(.unreachable, "away")

    /// A run that breaks off when the server lists nothing of what was written, and is then removed.
    private func remove(_ server: FakeHearth, patience: Duration = .seconds(60)) async throws -> [String] {
        let parent = FileManager.default.temporaryDirectory.appending(path: "verify-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: parent) }
        let runner = VerifyRunner(
            api: server, request: VerifyRequest(url: "http://h", patience: patience),
            scratch: ScratchFolder(in: parent.path, name: "run"), name: "v")
        let error = await #expect(throws: VerifyError.self) { try await runner.run() }
        #expect(error?.code == .codebase)
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path) == ["run"])
        let left = await runner.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path).isEmpty)
        return left
    }

    @Test("a run that breaks off removes the projects that it has made, and its files")
    func tidiesUp() async throws {
        let server = FakeHearth()
        #expect(try await remove(server).isEmpty)
        #expect(server.calls == ["create v-main", "delete v-main"])
    }

    @Test("a server that is still busy with a project is asked again")
    func busy() async throws {
        let server = FakeHearth(deletions: [.failure(Self.conflict), .failure(Self.conflict), .success(true)])
        #expect(try await remove(server).isEmpty)
        #expect(server.calls == ["create v-main", "delete v-main", "delete v-main", "delete v-main"])
    }

    @Test("what is not there any more is no fault")
    func gone() async throws {
        let server = FakeHearth(deletions: [.success(false)])
        #expect(try await remove(server).isEmpty)
        #expect(server.calls == ["create v-main", "delete v-main"])
    }

    @Test("what cannot be removed is said")
    func left() async throws {
        #expect(try await remove(FakeHearth(deletions: [.failure(Self.away)])) == ["project v-main"])
        let busy = FakeHearth(deletions: [.failure(Self.conflict)])
        #expect(try await remove(busy, patience: .milliseconds(1)) == ["project v-main"])
    }

    @Test("a project whose making was cut off is looked for once more, and is no fault if it never came")
    func uncertain() async throws {
        let server = FakeHearth(deletions: [.success(false), .success(true)], creation: CancellationError())
        let projects = ScratchProjects(api: server, files: NoFiles(), prefix: "v", patience: .seconds(60))
        var codebases: [ProjectSlot: Codebase] = [:]
        let chapter = Chapter(name: "c", changes: [.main: [.write(path: "a", text: "b")]])
        await #expect(throws: CancellationError.self) { try await projects.apply(chapter, to: &codebases) }
        #expect(await projects.remove().isEmpty)
        #expect(server.calls == ["create v-main", "delete v-main", "delete v-main"])
        // It is forgotten then.
        #expect(await projects.remove().isEmpty)
        #expect(server.calls.count == 3)
    }

    /// Asks one question of a suite, and removes what is left.
    private func suite(_ server: FakeHearth, options: PinnedOptions = PinnedOptions()) async throws -> VerifyReport? {
        let runner = VerifyRunner(
            api: server, request: VerifyRequest(options: options, url: "http://h"), scratch: NoFiles(), name: "v")
        let report = try? await runner.run(
            VerifySuite(#"{"project": "p", "questions": [{"question": "q", "must_contain": "yes"}]}"#))
        #expect(await runner.remove().isEmpty)
        return report
    }

    @Test("each conversation of a suite is removed, whether its question was answered or not")
    func conversations() async throws {
        var answer = GivenAnswer(text: "yes")
        answer.origin.correlationID = "id"
        let options = PinnedOptions(contextLength: 4096)
        let answered = FakeHearth(
            messages: [TimelineEntry(role: "assistant", text: "yes", correlationID: "id", options: options)],
            reply: .answer(answer))
        let report = try await suite(answered, options: options)
        #expect(report?.faults == [])
        #expect(report?.options.contextLength == 4096)
        #expect(answered.calls.count == 4)
        let refused = FakeHearth()
        #expect(try await suite(refused) == nil)
        #expect(refused.calls == ["ask in v-first", "delete v-first"])
        for calls in [answered.calls, refused.calls] {
            for (asked, deleted) in zip(calls, calls.dropFirst()) where asked.hasPrefix("ask in ") {
                #expect(deleted == "delete " + asked.dropFirst("ask in ".count))
            }
        }
    }

    @Test("files that cannot be removed are said by their place")
    func files() async {
        let projects = ScratchProjects(
            api: FakeHearth(), files: NoFiles(isStuck: true), prefix: "v", patience: .seconds(60))
        #expect(await projects.remove() == ["nowhere"])
    }
}

/// Files that nobody keeps.
private struct NoFiles: ScratchFiles {
    var isStuck = false
    let place = "nowhere"

    func source(of folder: String) -> String { "/nowhere/\(folder)" }
    func write(_ text: String, to path: String) async throws {}
    func delete(_ path: String) async throws {}
    func removeAll() async throws {
        if isStuck { throw VerifyError(.codebase, "stuck") }
    }
}
