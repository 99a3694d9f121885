import ArgumentParser
import FoundationEssentials
import Hearth
import Verify

struct VerifyRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs the cases of a seed (the default).",
        discussion: """
            The same seed draws the same cases. The scratch projects are removed at the end, and after Ctrl-C, too; a second \
            Ctrl-C ends at once and says what is left.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var server: VerifyServer
    @Option(help: "Draws other names, numbers and files.") var seed: UInt64 = 1
    @Option(
        help: ArgumentHelp(
            "Kinds of cases, with commas: \(CaseKind.generated.map(\.rawValue).joined(separator: ", ")).",
            valueName: "kinds"))
    var kinds = "all"
    @Option(
        help: ArgumentHelp(
            "What is promised of the generator: scripted (equal bytes always), serial (equal bytes in turn), concurrent (equal verdicts).",
            valueName: "lane"))
    var lane = Lane.serial
    @Option(
        help: ArgumentHelp(
            "Tokens of prompt and answer together, which Ollama is loaded with; what the server is set to if left out.",
            valueName: "tokens"))
    var contextLength: Int?
    @Option(help: ArgumentHelp("The least share of each kind that must pass, as JSON.", valueName: "file"))
    var thresholds: String?
    @Option(
        help: ArgumentHelp(
            "Ask these questions about a project that is there, instead of a seed's (YAML or JSON).", valueName: "file")
    )
    var suite: String?
    @Option(
        help: ArgumentHelp(
            "Where the scratch codebase is written, a folder or s3://bucket/folder; the server must be able to read it.",
            valueName: "place"))
    var scratch: String?
    @Option(help: ArgumentHelp("The same folder's path on the server's machine.", valueName: "path"))
    var scratchOnServer: String?
    @Option(help: "Seconds until the index must have followed the files.") var patience = 120
    @Option(help: "Seconds until the server must answer for the first time.") var wait = 0
    @OptionGroup var output: VerifyOutput

    func run() async throws {
        let before = try output.compare.map(VerifyFiles.report)
        let questions = try suite.map(VerifyFiles.suite)
        let configuration = try await options.load()
        let api = try server.api(configuration)
        let request = VerifyRequest(
            seed: seed, kinds: try wanted(), lane: lane, options: PinnedOptions(contextLength: contextLength),
            thresholds: try thresholds.map(VerifyFiles.thresholds) ?? VerifyThresholds(),
            url: server.url(configuration), patience: .seconds(patience))
        let name = "verify-\(seed)-\(UInt32.random(in: .min ... .max))"
        let runner = VerifyRunner(
            api: api, request: request, scratch: try files("hearth-\(name)", configuration), name: name)
        let display = VerifyProgress(isQuiet: output.json)
        let report = try await TidyRun(
            work: {
                defer { display.finish() }
                try await runner.waitForServer(.seconds(wait))
                guard let questions else { return try await runner.run(progress: display.show) }
                return try await runner.run(questions, progress: display.show)
            }, tidy: runner.remove
        ).run()
        try output.give(report, comparedWith: before)
        if !report.passed { throw ExitCode(1) }
    }

    private func files(_ name: String, _ configuration: EffectiveConfiguration) throws -> any ScratchFiles {
        if let scratch, ObjectLocation.isMeant(by: scratch) {
            return try BucketScratch(in: scratch, name: name, client: try S3Settings.client(configuration))
        }
        let folder = DataDirectory.absolute(scratch ?? FileManager.default.temporaryDirectory.path)
        return ScratchFolder(in: folder, asSeenByServer: scratchOnServer, name: name)
    }

    private func wanted() throws -> Set<CaseKind> {
        if kinds == "all" { return Set(CaseKind.generated) }
        let known = CaseKind.generated.map(\.rawValue)
        let wanted = try kinds.split(separator: ",").map { part -> CaseKind in
            let name = part.filter { $0 != " " }
            guard let kind = CaseKind(rawValue: name), CaseKind.generated.contains(kind) else {
                let hint = Spelling.suggestion(for: name, among: known).map { " Did you mean \($0)?" } ?? ""
                throw ConfigurationError(
                    "There is no kind of cases '\(name)'.\(hint) Known: \(known.joined(separator: ", ")), all.")
            }
            return kind
        }
        guard !wanted.isEmpty else { throw ConfigurationError("--kinds names no kind of cases.") }
        return Set(wanted)
    }
}
