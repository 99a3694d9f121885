import Hearth
import Testing

@Suite("Where a codebase is in an object store")
struct ObjectLocationTests {
    @Test("folders end with a slash, archives are known by their names, all else is no location")
    func reads() throws {
        #expect(ObjectLocation("s3://b")?.tree == .folder(prefix: ""))
        #expect(ObjectLocation("s3://b/")?.tree == .folder(prefix: ""))
        #expect(ObjectLocation("s3://b/a/c")?.tree == .folder(prefix: "a/c/"))
        #expect(ObjectLocation("s3://b/a.zip/")?.tree == .folder(prefix: "a.zip/"))
        #expect(ObjectLocation("s3://b/x/a.tar.gz")?.tree == .archive(key: "x/a.tar.gz", .tarGzip))
        #expect(ObjectLocation("s3://b/a.tgz")?.tree == .archive(key: "a.tgz", .tarGzip))
        #expect(ObjectLocation("s3://b/é.zip")?.tree == .archive(key: "é.zip", .zip))
        for text in ["", "/b", "s3:/b/c", "s3://", "s3:///x", "s3://b ü/x", "http://b/x"] {
            #expect(ObjectLocation(text) == nil)
        }
    }

    @Test("a key belongs to the folder that it is in")
    func paths() throws {
        let folder = try #require(ObjectLocation("s3://b/src"))
        #expect(folder.path(of: "src/é/a b") == "é/a b" && folder.holds("src/x"))
        for key in ["src", "src/", "src2/a", "a"] { #expect(folder.path(of: key) == nil) }
        let archive = try #require(ObjectLocation("s3://b/a.zip"))
        #expect(archive.holds("a.zip") && archive.path(of: "a.zip") == nil && !archive.holds("a.zip/x"))
    }
}
