import CTreeSitter
import Foundation
import Synchronization

/// tree-sitter's runtime and the grammars of a folder, loaded when they are first asked for.
public final class GrammarLibrary: Sendable {
    /// The runtime's handle; its functions are safe to call from any thread.
    struct Runtime: @unchecked Sendable {
        // check: allow unchecked because the table of functions is never changed after loading
        let handle: OpaquePointer
    }

    private let directory: String
    private let runtime: Runtime
    /// Names the versions of runtime and grammars: a part of an index generation's name.
    public let fingerprint: String
    private let loaded = Mutex<[String: Grammar?]>([:])

    /// - Parameter directory: holds `libtree-sitter.so`, `languages.so`, `swift.so` and `versions`, as `make setup` leaves them.
    public init(directory: String) throws(SyntaxTreeError) {
        self.directory = directory
        var message = [CChar](repeating: 0, count: 512)
        let path = directory + "/libtree-sitter.so"
        guard let handle = cts_runtime_load(path, &message, Int32(message.count)) else {
            throw SyntaxTreeError(.assetsMissing, "The parser \(path) cannot be loaded. Run `make setup`.")
        }
        runtime = Runtime(handle: handle)
        guard let versions = FileManager.default.contents(atPath: directory + "/versions") else {
            throw SyntaxTreeError(.assetsMissing, "\(directory)/versions is missing. Run `make setup`.")
        }
        fingerprint = String(decoding: versions, as: UTF8.self)
            .split(whereSeparator: \.isNewline).joined(separator: ", ")
    }

    /// The grammar of that name (`swift`, `python`, `c_sharp`, …); `nil` if there is none.
    public func grammar(_ name: String) -> Grammar? {
        loaded.withLock { loaded in
            if let known = loaded[name] { return known }
            // A library of its own goes before the one with many.
            let own = "\(directory)/\(name).so"
            let path = FileManager.default.fileExists(atPath: own) ? own : "\(directory)/languages.so"
            let grammar = cts_language_load(runtime.handle, path, name).map {
                Grammar(name: name, runtime: runtime, language: $0)
            }
            loaded[name] = .some(grammar)
            return grammar
        }
    }
}
