/// Where a run keeps the files of its scratch projects, so that the server can read them.
public protocol ScratchFiles: Sendable {
    /// The place as a person would look for it, for messages.
    var place: String { get }
    /// The source of the project whose files lie in this folder, as the server is told it.
    func source(of folder: String) -> String
    /// Writes a file, or writes it anew.
    ///
    /// - Throws: ``VerifyError`` `codebase`.
    func write(_ text: String, to path: String) async throws
    /// - Throws: ``VerifyError`` `codebase`.
    func delete(_ path: String) async throws
    /// Removes everything that was written; without anything it is no error.
    ///
    /// - Throws: ``VerifyError`` `codebase`.
    func removeAll() async throws
}
