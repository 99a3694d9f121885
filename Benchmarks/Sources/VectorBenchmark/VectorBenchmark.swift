import Foundation

/// Vectors of real lines of code, and the local index over any file of vectors.
///
///     VectorBenchmark lines COUNT FILE FOLDER...
///     VectorBenchmark index VECTORS QUERIES DIRECTORY     (then commands, see IndexPeer)
@main
struct VectorBenchmark {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        let assets = environment["HEARTH_ASSETS"] ?? data + "/hearth/assets"
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.count >= 4, arguments[0] == "lines", let count = Int(arguments[1]) {
            try LineVectors.write(of: Array(arguments[3...]), count: count, to: arguments[2], assets: assets)
        } else if arguments.count == 4, arguments[0] == "index" {
            let peer = try IndexPeer(vectors: arguments[1], queries: arguments[2], directory: arguments[3])
            try await peer.serve()
        } else {
            print("usage: VectorBenchmark lines COUNT FILE FOLDER... | index VECTORS QUERIES DIRECTORY")
            exit(2)
        }
    }
}
