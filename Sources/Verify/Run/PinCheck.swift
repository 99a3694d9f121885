/// Finds out whether the server honoured what the run pinned. Pure.
struct PinCheck: Sendable {
    let options: PinnedOptions
    /// Who answered first.
    let generator: String?
    let digest: String?

    /// What was not honoured, each once.
    func faults(in observations: [Observation]) -> [String] {
        let answers = observations.compactMap(\.answer)
        var faults: [String] = []
        let others = Set(answers.compactMap(\.origin.generator)).subtracting([generator].compactMap(\.self))
        if !others.isEmpty {
            faults.append(
                "The generator changed from \(generator ?? "none") to \(others.sorted().joined(separator: ", ")).")
        }
        let digests = Set(answers.compactMap(\.origin.generatorDigest)).subtracting([digest].compactMap(\.self))
        if !digests.isEmpty {
            faults.append(
                "The model's digest changed from \(digest ?? "none") to \(digests.sorted().joined(separator: ", ")).")
        }
        let short = observations.filter(\.isPromptShort)
        if let worst = short.min(by: { ($0.answer?.promptTokens ?? 0) < ($1.answer?.promptTokens ?? 0) }) {
            faults.append(
                "\(short.count) of \(observations.count) prompts were cut: of \(worst.promptBytes) bytes of passages the "
                    + "model read \(worst.answer?.promptTokens ?? 0) tokens. Give it a larger context (num_ctx).")
        }
        let long = answers.filter { $0.completionTokens > options.maximumTokens }
        if !long.isEmpty {
            faults.append(
                "\(long.count) answers are longer than \(options.maximumTokens) tokens: num_predict was ignored.")
        }
        let lengths = Set(answers.compactMap(\.origin.contextLength)).subtracting(
            [options.contextLength].compactMap(\.self))
        if let pinned = options.contextLength, !lengths.isEmpty {
            let given = lengths.sorted().map(String.init).joined(separator: ", ")
            faults.append(
                "The context was to be \(pinned) tokens and was \(given): the server gives no more. Set "
                    + "generator.context_length, or ask for less: --context-length.")
        }
        let words = answers.filter { $0.origin.lexicalOnly != nil }
        if let reason = words.first?.origin.lexicalOnly {
            faults.append("\(words.count) questions were searched by words alone: \(reason)")
        }
        return faults
    }

    /// What could not be looked at.
    func notes(on observations: [Observation]) -> [String] {
        let answers = observations.compactMap(\.answer)
        var notes: [String] = []
        let silent = answers.count { $0.promptTokens == 0 }
        if silent > 0 {
            notes.append("\(silent) answers came without a count of prompt tokens: a cut prompt would not show.")
        }
        let untold = answers.count { $0.origin.contextLength == nil }
        if untold > 0 {
            notes.append("\(untold) answers tell no context length: a shorter one (num_ctx) would not show.")
        }
        if digest == nil {
            notes.append("The generator tells no digest: another model behind its name would not show.")
        }
        return notes
    }
}
