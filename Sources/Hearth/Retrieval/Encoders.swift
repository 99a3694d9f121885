/// The encoders of a process: which one the documents of a project get, and which one made an index.
///
/// Each is opened once, when it is first needed, and shared by all projects.
public actor Encoders {
    /// Makes an encoder ready; of one with a server, asks the server what it has. Throws ``EncoderError``.
    public typealias Open = @Sendable (EncoderChoice) async throws -> any Encoder

    /// The encoder of projects that choose none.
    public nonisolated let standard: EncoderChoice
    private let outliner: any SyntaxOutliner
    private let grammars: String
    private let open: Open
    private var opened: [EncoderChoice: any Encoder] = [:]

    /// - Parameters:
    ///   - outliner: finds the parts of sources, for the chunks of every encoder.
    ///   - grammars: the fingerprint of the outliner's grammars.
    public init(
        standard: EncoderChoice = .embedded,
        outliner: any SyntaxOutliner,
        grammars: String,
        open: @escaping Open
    ) {
        self.standard = standard
        self.outliner = outliner
        self.grammars = grammars
        self.open = open
    }

    /// The encoder of projects that choose none.
    ///
    /// - Throws: ``EncoderError``.
    public func standardEncoder() async throws -> any Encoder {
        try await encoder(of: ProjectEncoder(choice: standard))
    }

    /// What makes the project's passages from now on.
    ///
    /// - Throws: ``EncoderError``, `changed` if the server has another model than was chosen.
    public func maker(for project: Project) async throws -> PassageMaker {
        let wanted = project.settings.encoder ?? ProjectEncoder(choice: standard)
        return PassageMaker(encoder: try await encoder(of: wanted), outliner: outliner, grammars: grammars)
    }

    /// The encoder that made an index of the project: the only one whose vectors can be compared with those in it.
    ///
    /// - Throws: ``EncoderError``, `changed` if there is no such encoder any more.
    public func encoder(thatMade generation: IndexGeneration, of project: Project) async throws -> any Encoder {
        // Before projects could choose, the embedded one made all.
        let present = project.settings.encoder ?? ProjectEncoder(choice: .embedded)
        let known = [present, project.settings.formerEncoder].compactMap { $0 }
        guard let maker = known.first(where: { $0.made(generation) }) else {
            throw EncoderError(
                .changed,
                "The encoder that made the index of '\(project.id)' is not known any more. "
                    + "Run: hearth ingest --project \(project.id)")
        }
        let encoder = try await encoder(of: maker)
        guard encoder.identity.dimension == generation.dimension else {
            throw EncoderError.otherDimension(encoder.identity, expected: generation.dimension)
        }
        return encoder
    }

    /// The project with its encoder pinned to what it is now. Whoever calls this saves it.
    ///
    /// The encoder that made the active index stays known until another index is searched.
    /// - Parameters:
    ///   - choice: another encoder, or the same one chosen anew; `nil` keeps the project's.
    ///   - active: what the index was made with that is searched now.
    /// - Throws: ``EncoderError``, `changed` if the server has another model than was chosen and none is chosen anew.
    public func pin(
        _ project: Project,
        to choice: EncoderChoice? = nil,
        active: IndexGeneration?
    ) async throws -> Project {
        let present = project.settings.encoder ?? ProjectEncoder(choice: active == nil ? standard : .embedded)
        var wanted = present
        if let choice {
            opened[choice] = nil
            wanted = ProjectEncoder(choice: choice)
        }
        wanted.pinned = try await encoder(of: wanted).identity
        var project = project
        let made = [present, project.settings.formerEncoder].compactMap { $0 }.first { active.map($0.made) ?? false }
        project.settings.formerEncoder = wanted.pinned?.fingerprint == active?.encoder ? nil : made
        project.settings.encoder = wanted
        return project
    }

    private func encoder(of wanted: ProjectEncoder) async throws -> any Encoder {
        let encoder = try await shared(wanted.choice)
        guard !wanted.choice.isEmbedded, let pinned = wanted.pinned,
            encoder.identity.fingerprint != pinned.fingerprint
        else { return encoder }
        // The server may have had another model when it was asked, and be right by now.
        opened[wanted.choice] = nil
        let again = try await shared(wanted.choice)
        guard again.identity.fingerprint == pinned.fingerprint else {
            throw EncoderError.changed(wanted.choice, from: pinned, to: again.identity)
        }
        return again
    }

    private func shared(_ choice: EncoderChoice) async throws -> any Encoder {
        if let encoder = opened[choice] { return encoder }
        let encoder = try await open(choice)
        opened[choice] = encoder
        return encoder
    }
}
