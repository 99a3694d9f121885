import Hearth

/// Whether the citations of an answer are true: markers, versions, ranges, and that the cited lines say what is said.
///
/// Mechanical: it compares with the verifier's own copy of the files and believes nothing of the index.
struct CitationCheck: Sendable {
    let failures: [CheckFailure]
    /// Cited passages that hold a span of the answer, of all that are cited.
    let precision: Double?
    /// Spans that stand in what is cited for them, of all spans.
    let recall: Double?

    init(_ observation: Observation) {
        guard let answer = observation.answer, observation.isOpenBook else {
            (failures, precision, recall) = ([], nil, nil)
            return
        }
        let segments = AnswerSegments(answer.text)
        var found = Self.places(answer, segments, observation)
        // Without the files at hand, what the lines say is nobody's to judge.
        guard observation.codebase != nil else {
            (failures, precision, recall) = (found, nil, nil)
            return
        }
        let sources = Dictionary(
            answer.origin.citations.map { ($0.number, Self.source($0, observation)) }, uniquingKeysWith: { $1 })
        var (spans, covered) = (0, 0)
        var used: Set<Int> = []
        for segment in segments.segments {
            let numbers = segment.numbers.isEmpty ? Array(sources.keys) : segment.numbers
            for span in SpanScan.spans(of: segment.text) {
                if Self.holds(observation.ask.question, span) { continue }
                spans += 1
                let holders = numbers.filter { Self.holds(sources[$0] ?? "", span) }
                used.formUnion(sources.filter { Self.holds($0.value, span) }.keys)
                if holders.isEmpty {
                    let cited = segment.numbers.map { "[\($0)]" }.joined(separator: " ")
                    found.append(
                        CheckFailure(
                            "what is quoted stands in what is cited",
                            cited.isEmpty ? "'\(span)' has no source" : "'\(span)' is not in \(cited)"))
                } else {
                    covered += 1
                }
            }
        }
        failures = found
        precision = sources.isEmpty ? nil : Double(used.count) / Double(sources.count)
        recall = spans == 0 ? nil : Double(covered) / Double(spans)
    }

    /// Markers in the prompt's passages; versions that exist; ranges within the file.
    private static func places(
        _ answer: GivenAnswer,
        _ segments: AnswerSegments,
        _ observation: Observation
    ) -> [CheckFailure] {
        var failures: [CheckFailure] = []
        let (passages, citations) = (answer.origin.passages, answer.origin.citations)
        if answer.origin.removedMarkers > 0 {
            failures.append(
                CheckFailure(
                    "every marker names a passage", "\(answer.origin.removedMarkers) named none and were taken out"))
        }
        for number in Set(segments.numbers).sorted() where !citations.contains(where: { $0.number == number }) {
            failures.append(CheckFailure("every marker names a passage", "[\(number)] is not among the citations"))
        }
        for citation in citations {
            if !passages.contains(citation) {
                failures.append(CheckFailure("what is cited was in the prompt", "\(citation.label) was not"))
            }
            guard let codebase = observation.codebase else { continue }
            guard let hash = codebase.hash(of: citation.path) else {
                failures.append(
                    CheckFailure("cited files exist", "there is no \(citation.path)", stage: .retrieval))
                continue
            }
            if !citation.version.contains(hash) {
                failures.append(
                    CheckFailure(
                        "the cited version is the file's", "\(citation.path) is cited as \(citation.version)",
                        stage: .retrieval))
            } else if observation.text(of: citation) == nil {
                failures.append(
                    CheckFailure("the cited lines exist", "\(citation.label) is not in the file", stage: .retrieval))
            }
        }
        return failures
    }

    /// What a citation proves: its lines, and where they are.
    private static func source(_ place: SourcePlace, _ observation: Observation) -> String {
        (observation.text(of: place) ?? "") + "\n" + place.label
    }

    /// Blanks do not matter, nor the parentheses that people put behind the names of functions.
    private static func holds(_ source: String, _ span: String) -> Bool {
        let source = source.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if source.contains(span) { return true }
        if span.hasSuffix("()"), source.contains(span.dropLast(2)) { return true }
        return span.allSatisfy(\.isASCIIDigit) && AnswerText(source).says(span)
    }
}
