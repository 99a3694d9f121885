import Foundation
import MiniLM

/// Tokens per second and core of the encoder, latency of a question, and speed of the tokenizer.
///
/// Best of several rounds: on a shared machine the best is what the code can do.
///
///     EncoderBenchmark
///     EncoderBenchmark precisions         (those that this processor has, a line each)
///     EncoderBenchmark peer PRECISION     (then commands, see EncoderPeer)
@main
struct EncoderBenchmark {
    static func main() throws {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        let assets = environment["HEARTH_ASSETS"] ?? data + "/hearth/assets"
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["precisions"] {
            for precision in SentenceEncoder.Precision.allCases
            where (try? SentenceEncoder(directory: assets + "/minilm", precision: precision)) != nil {
                print(precision.rawValue)
            }
            return
        }
        if arguments.count == 2, arguments[0] == "peer",
            let precision = SentenceEncoder.Precision(rawValue: arguments[1])
        {
            var peer = try EncoderPeer(assets: assets, precision: precision)
            return try peer.serve()
        }
        guard arguments.isEmpty else {
            print("usage: EncoderBenchmark [precisions | peer PRECISION]")
            exit(2)
        }
        print("precision  length  batch  tokens/s/core  ms/text")
        for precision in SentenceEncoder.Precision.allCases {
            guard let encoder = try? SentenceEncoder(directory: assets + "/minilm", precision: precision) else {
                print("\(precision.rawValue): not on this processor")
                continue
            }
            for (length, batch) in [(16, 1), (32, 32), (128, 1), (128, 8), (256, 4)] {
                let text = String(repeating: "word ", count: length - 2)
                let texts = [String](repeating: text, count: batch)
                var best = Double.infinity
                for _ in 0..<(length * batch < 64 ? 400 : 60) {
                    let start = ContinuousClock.now
                    _ = try encoder.encode(texts)
                    best = min(best, (ContinuousClock.now - start) / .seconds(1))
                }
                let rate = Double(length * batch) / best
                let numbers = String(
                    format: "%6d  %5d  %13.0f  %7.2f", length, batch, rate, best * 1000 / Double(batch))
                print(precision.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0), numbers, separator: "  ")
            }
        }
        try tokenizer(assets: assets)
    }

    private static func tokenizer(assets: String) throws {
        let tokenizer = try SentenceEncoder(directory: assets + "/minilm", precision: .fp32).tokenizer
        let line =
            "    public func encode(_ texts: [String], overlength: Overlength = .refuse) throws -> [Embedding] {\n"
        let text = String(
            repeating: line + "        // Computes on the calling thread, for milliseconds to seconds.\n", count: 5_000)
        var best = Double.infinity
        for _ in 0..<10 {
            let start = ContinuousClock.now
            _ = tokenizer.tokenCount(of: text[...])
            best = min(best, (ContinuousClock.now - start) / .seconds(1))
        }
        print(String(format: "tokenizer: %.1f MB/s/core", Double(text.utf8.count) / best / 1e6))
    }
}
