import Testing

@testable import Backends

/// The pure parts of the index, which need no server.
@Suite("Parts of the Qdrant index")
struct QdrantPartsTests {
    @Test("a revision that is not the document's is hidden, and comes back when it is")
    func hides() {
        var hidden = HiddenRevisions()
        let old = RevisionPayload(path: "a", revision: "old")
        let new = RevisionPayload(path: "a", revision: "new")
        // A write is under way: its passages are there, its row is not.
        let step1 = hidden.settle(found: [old, new], current: ["a": "old"])
        #expect(!step1)
        #expect(hidden.paths == ["new": "a"])
        let step2 = hidden.settle(found: [old], current: ["a": "old"])
        #expect(step2)
        // The row is written while a search that leaves the new passages out is under way.
        let step3 = hidden.settle(found: [old], current: ["a": "new"])
        #expect(!step3)
        #expect(hidden.paths == ["old": "a"])
        let step4 = hidden.settle(found: [new], current: ["a": "new"])
        #expect(step4)
    }

    @Test("when the old passages are gone before they were seen as outdated, the new ones are looked for again")
    func returns() {
        var hidden = HiddenRevisions()
        let step5 = hidden.settle(found: [RevisionPayload(path: "a", revision: "new")], current: ["a": "old"])
        #expect(!step5)
        let step6 = hidden.settle(found: [], current: ["a": "new"])
        #expect(!step6)
        #expect(hidden.paths.isEmpty)
        let step7 = hidden.settle(found: [RevisionPayload(path: "a", revision: "new")], current: ["a": "new"])
        #expect(step7)
    }

    @Test("passages of a document that is not in the manifest are hidden")
    func removed() {
        var hidden = HiddenRevisions()
        let step8 = hidden.settle(found: [RevisionPayload(path: "a", revision: "r")], current: [:])
        #expect(!step8)
        let step9 = hidden.settle(found: [], current: [:])
        #expect(step9)
    }

    @Test("a prefix is folders and paths as a whole")
    func scopes() {
        #expect(PathScope.folders(above: "a/b/c.swift") == ["a/", "a/b/"])
        #expect(PathScope.folders(above: "c.swift").isEmpty)
        #expect(PathScope.folder(of: "a/b") == "a/" && PathScope.folder(of: "a") == "")
        let paths = ["a/b/c.swift", "a/b/d.swift", "a/bc.swift", "a/x.swift", "ab/c.swift"]
        #expect(PathScope(prefix: "a/b", among: paths) == .anyOf(folders: ["a/b/"], paths: ["a/bc.swift"]))
        #expect(PathScope(prefix: "a", among: paths) == .anyOf(folders: ["a/", "ab/"], paths: []))
        #expect(PathScope(prefix: "a/b/c", among: paths) == .anyOf(folders: [], paths: ["a/b/c.swift"]))
        #expect(PathScope(prefix: "z", among: paths) == .nothing)
    }
}
