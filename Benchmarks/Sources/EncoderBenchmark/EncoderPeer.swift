import Foundation
import MiniLM

/// The encoder doing what `encoder_peers.py` asks for, a line of JSON at a time, so that it takes turns with others.
///
/// `{"load": [texts]}` remembers texts, `{"run": n}` encodes them all n times, `{"each": n}` one at a time, n in all, and
/// `{"vectors": true}` answers with their vectors. Texts are cut into tokens in every run: the encoder takes no tokens.
struct EncoderPeer {
    private struct Command: Decodable {
        let load: [String]?
        let run: Int?
        let each: Int?
        let vectors: Bool?
    }

    private let encoder: SentenceEncoder
    private var texts: [String] = []

    init(assets: String, precision: SentenceEncoder.Precision) throws {
        encoder = try SentenceEncoder(directory: assets + "/minilm", precision: precision)
    }

    /// Answers commands from standard input until its end.
    mutating func serve() throws {
        while let line = readLine() {
            let command = try JSONDecoder().decode(Command.self, from: Data(line.utf8))
            if let load = command.load {
                texts = load
                try reply(["tokens": load.map { encoder.tokenizer.tokenCount(of: $0[...]) + 2 }])
            } else if let rounds = command.run {
                try reply(["seconds": (0..<rounds).map { _ in try seconds(texts) }])
            } else if let count = command.each, !texts.isEmpty {
                try reply(["seconds": (0..<count).map { try seconds([texts[$0 % texts.count]]) }])
            } else if command.vectors == true {
                try reply(["vectors": encoder.encode(texts).map(\.vector)])
            } else {
                return
            }
        }
    }

    private func seconds(_ texts: [String]) throws -> Double {
        let start = ContinuousClock.now
        _ = try encoder.encode(texts)
        return start.duration(to: .now) / .seconds(1)
    }

    private func reply(_ answer: [String: some Encodable]) throws {
        var line = try JSONEncoder().encode(answer)
        line.append(UInt8(ascii: "\n"))
        try FileHandle.standardOutput.write(contentsOf: line)
    }
}
