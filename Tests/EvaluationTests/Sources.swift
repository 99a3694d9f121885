import Backends
import Foundation
import Hearth
import SyntaxTree

@testable import Evaluation

/// Small sources with the product's own grammars.
struct Sources {
    let outliner: SyntaxTreeOutliner

    init() throws {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        let assets = environment["HEARTH_ASSETS"] ?? data + "/hearth/assets"
        outliner = SyntaxTreeOutliner(try GrammarLibrary(directory: assets + "/grammars"))
    }

    func corpus(_ files: [String: String]) -> Corpus {
        Corpus(files.compactMap { SourceFile(path: $0.key, bytes: Array($0.value.utf8), outliner: outliner) })
    }
}
