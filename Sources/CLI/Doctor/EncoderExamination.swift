import Hearth

/// Looks whether the encoder of a project is what it was when it was chosen.
struct EncoderExamination: Sendable {
    let factory: EncoderFactory

    /// `nil` for a project with the embedded encoder, which is looked at once for all.
    func finding(of project: Project) async -> Finding? {
        guard let encoder = project.settings.encoder, !encoder.choice.isEmbedded else { return nil }
        let name = "project/\(project.id)/encoder"
        do {
            let identity = try await factory.open(encoder.choice).identity
            guard let pinned = encoder.pinned, pinned.fingerprint != identity.fingerprint else {
                return .ok(name, "\(encoder): \(identity)")
            }
            return .failure(
                name, "It was \(pinned) when it was chosen and is \(identity) now; nothing is embedded with it.",
                remedy: "Restore the old model, or run: hearth projects encoder \(project.id) \(encoder)")
        } catch let error as EncoderError where error.isRetriable {
            return .failure(
                name, "\(error.message) Questions are answered by words alone, changes wait.",
                remedy: "Start its server, or run: hearth projects encoder \(project.id) minilm")
        } catch {
            return .failure(name, "\(error)", remedy: "Run: hearth projects encoder \(project.id) minilm")
        }
    }
}
