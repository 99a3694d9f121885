/// Says which part lost a fact. Pure.
enum FailureAttribution {
    /// - Parameter found: what a search for the question finds now; the oracle.
    static func stage(of observation: Observation, found: [FoundPassage]) -> FailedStage {
        guard let answer = observation.answer else { return .service }
        guard let codebase = observation.codebase else {
            let wanted = observation.ask.expectations.compactMap { expectation -> String? in
                guard case .citesFile(let path) = expectation else { return nil }
                return path
            }
            let isThere = { (path: String) in answer.origin.passages.contains { $0.path.hasPrefix(path) } }
            return wanted.allSatisfy(isThere) ? .generation : .retrieval
        }
        let lost = observation.ask.gold.filter { !observation.promptHolds($0) }
        if !lost.isEmpty {
            let isFound = lost.allSatisfy { fact in
                guard let line = codebase.line(of: fact.line, in: fact.path) else { return false }
                return found.contains { $0.holds(fact.path, line: line) }
            }
            return isFound ? .assembly : .retrieval
        }
        if observation.isPromptShort { return .assembly }
        // Nothing was to be found: if something stale or foreign was in the prompt, it is not the model's fault.
        let isForeign = answer.origin.passages.contains { place in
            codebase.hash(of: place.path).map { !place.version.contains($0) } ?? true
        }
        return isForeign ? .retrieval : .generation
    }
}
