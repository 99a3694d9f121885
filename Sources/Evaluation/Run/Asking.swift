import Hearth

/// Asks one question and orders what was found in every way.
struct Asking: Sendable {
    let encoder: any Hearth.Encoder
    let ranking: Ranking
    /// The most of each half of the index.
    let candidates: Int

    var features: [String] { ranking.features.names }

    /// - Throws: ``StoreError`` or ``EncoderError``.
    func answer(_ question: EvaluationQuestion, in scratch: ScratchIndex) async throws -> Answer {
        let clock = ContinuousClock()
        let started = clock.now
        let vector = try await encoder.encode(question: question.text).vector
        let encoded = clock.now
        var found = try await scratch.search(question.text, vector, limit: candidates)
        let searched = clock.now
        if let source = question.source { found = found.without(document: source) }
        let fused = ranking.fuse(found)
        let ranked = ranking.rank(fused, question: question.text)
        let ended = clock.now
        var lists: [RankingVariant: [Passage]] = [
            .bm25: found.lexical.map(\.passage), .dense: found.dense.map(\.passage),
            .hybrid: fused.map(\.passage), .ranked: ranked.map(\.passage),
        ]
        for feature in features {
            lists[.without(feature)] = ranking.rank(fused, question: question.text, without: [feature]).map(\.passage)
        }
        return Answer(
            question: question, judgements: lists.mapValues { Judgement(of: $0, for: question) },
            encode: encoded - started, search: searched - encoded, rank: ended - searched)
    }
}

/// How one question was answered, and in what time.
struct Answer: Sendable {
    let question: EvaluationQuestion
    let judgements: [RankingVariant: Judgement]
    let encode: Duration
    let search: Duration
    let rank: Duration

    static func times(_ answers: [Answer]) -> EvaluationReport.SearchTimes {
        EvaluationReport.SearchTimes(
            encode: Percentiles(answers.map(\.encode)), search: Percentiles(answers.map(\.search)),
            rank: Percentiles(answers.map(\.rank)),
            total: Percentiles(answers.map { $0.encode + $0.search + $0.rank }))
    }
}
