import Foundation
import Hearth
import LocalIndex

/// BM25 straight from its definition, slow and simple.
struct ReferenceBM25 {
    private let frequencies: [String: [String: Double]]
    private let lengths: [String: Double]
    private let ranking = TextRanking()

    init(entries: [LocalIndex.Entry]) {
        var frequencies: [String: [String: Double]] = [:]
        var lengths: [String: Double] = [:]
        for entry in entries {
            let fields = [
                (entry.document, ranking.pathWeight), (entry.symbol, ranking.symbolWeight),
                ("\(entry.header)\n\(entry.text)", ranking.bodyWeight),
            ]
            for (text, weight) in fields {
                for term in TermSplitter.terms(in: text) {
                    frequencies[entry.id, default: [:]][term, default: 0] += weight
                    lengths[entry.id, default: 0] += 1
                }
            }
        }
        self.frequencies = frequencies
        self.lengths = lengths
    }

    /// The scores above zero, by entry.
    func scores(_ query: String) -> [String: Double] {
        let average = lengths.values.reduce(0, +) / Double(lengths.count)
        let (k, b) = (ranking.saturation, ranking.lengthNormalization)
        var counts: [String: Int] = [:]
        for term in TermSplitter.terms(in: query) { counts[term, default: 0] += 1 }
        var scores: [String: Double] = [:]
        for (term, count) in counts {
            let holders = frequencies.filter { $0.value[term] != nil }
            let total = Double(frequencies.count)
            let inverse = log(1 + (total - Double(holders.count) + 0.5) / (Double(holders.count) + 0.5))
            for (id, terms) in holders {
                let frequency = terms[term] ?? 0
                let length = (lengths[id] ?? 0) / average
                scores[id, default: 0] +=
                    inverse * (1 + log(Double(count))) * frequency * (k + 1) / (frequency + k * (1 - b + b * length))
            }
        }
        return scores
    }
}

/// Texts of a few words, so that many share terms.
struct RandomCorpus {
    private var generator: SplitMix64
    private static let words = (0..<40).map { "w\(["alpha", "beta", "gamma", "delta"][$0 % 4])\($0)q" }

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    mutating func texts() -> [String] {
        (0..<Int.random(in: 1...4, using: &generator)).map { _ in words(Int.random(in: 1...30, using: &generator)) }
    }

    mutating func query() -> String {
        words(Int.random(in: 1...6, using: &generator))
    }

    private mutating func words(_ count: Int) -> String {
        (0..<count).map { _ in
            // Squared, so that the first words are common and the last rare.
            let place = Double.random(in: 0..<1, using: &generator)
            return Self.words[Int(place * place * Double(Self.words.count))]
        }.joined(separator: " ")
    }
}
