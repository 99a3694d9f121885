import Backends
import Foundation
import Hearth
import Logging
import MiniLM
import SyntaxTree

/// Looks at every part that a configuration names and says what is wrong with it.
struct Examination: Sendable {
    let configuration: EffectiveConfiguration

    /// All findings, in the order in which the parts depend on each other. Never throws: what fails is a finding.
    func findings() async -> [Finding] {
        let data: DataDirectory
        do {
            data = try DataDirectory(configuration)
        } catch {
            return [.failure("data", "\(error)", remedy: "Set data.directory to a folder that you may write.")]
        }
        var findings = [disk(data)]
        findings.append(await standardEncoder(data))
        findings.append(grammars(data))
        findings.append(await generator())
        findings += await pulsar()
        let logger = Logger(label: "hearth.doctor", factory: { _ in SwiftLogNoOpLogHandler() })
        let factory = StoreFactory(configuration: configuration, data: data, logger: logger)
        findings += await StoreExamination(factory: factory).findings()
        findings += await stores()
        return findings
    }

    private func disk(_ data: DataDirectory) -> Finding {
        guard access(data.path, W_OK) == 0 else {
            return .failure("data", "\(data.path) is not writable.", remedy: "Give this user the right to write it.")
        }
        var status = statvfs()
        guard statvfs(data.path, &status) == 0 else {
            return .warning("data", "\(data.path): free space unknown.", remedy: "Check the file system.")
        }
        let free = Double(status.f_bavail) * Double(status.f_frsize) / 1e9
        let detail = "\(data.path), \(free.formatted(.number.precision(.fractionLength(1)))) GB free"
        return free < 0.5
            ? .warning("data", detail, remedy: "Make room: an index needs about 5 times the code.")
            : .ok("data", detail)
    }

    private func standardEncoder(_ data: DataDirectory) async -> Finding {
        let factory = EncoderFactory(configuration, assets: data.assets)
        do {
            let standard = try factory.standard()
            guard standard.isEmbedded else {
                let identity = try await factory.open(standard).identity
                return .ok("encoder", "\(standard): \(identity)")
            }
            return embeddedEncoder(data)
        } catch {
            return .failure(
                "encoder", "\(error)", remedy: "Start its server, or check encoder.kind, encoder.model and encoder.url."
            )
        }
    }

    private func embeddedEncoder(_ data: DataDirectory) -> Finding {
        do {
            let precision = SentenceEncoder.Precision(rawValue: configuration[.precision])
            let encoder = try SentenceEncoder(directory: data.assets + "/minilm", precision: precision)
            let started = ContinuousClock.now
            let vector = try encoder.encode(["func main() {}"])[0].vector
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard abs(length - 1) < 0.01 else {
                return .failure(
                    "encoder", "The encoder's vectors have length \(length).", remedy: "Run `make setup` again.")
            }
            let milliseconds = (ContinuousClock.now - started) / .milliseconds(1)
            return .ok("encoder", "\(encoder.fingerprint), \(String(format: "%.1f", milliseconds)) ms a short text")
        } catch {
            return .failure("encoder", "\(error)", remedy: "Run `make setup`, or set assets.directory.")
        }
    }

    private func grammars(_ data: DataDirectory) -> Finding {
        do {
            let grammars = try GrammarLibrary(directory: data.assets + "/grammars")
            return .ok("grammars", grammars.fingerprint)
        } catch {
            return .failure("grammars", "\(error)", remedy: "Run `make setup`, or set assets.directory.")
        }
    }

    private func generator() async -> Finding {
        do {
            let generator = try GeneratorFactory(configuration: configuration, logger: .init(label: "hearth.doctor"))
                .make()
            let model = try await generator.defaultModel()
            guard model.provider == "extractive", configuration[.generatorKind] == "auto" else {
                return .ok("generator", "\(model.label), context of \(model.contextLength) tokens")
            }
            return .warning(
                "generator", "No Ollama at \(configuration[.ollamaURL]); answers are quotes, without a model.",
                remedy: "Start Ollama and pull a model, or set generator.kind=extractive to silence this.")
        } catch {
            return .failure("generator", "\(error)", remedy: "Check generator.kind and the server's URL.")
        }
    }

    /// What the bus needs of its cluster; nothing where the bus is a file.
    private func pulsar() async -> [Finding] {
        guard configuration[.busKind] == "pulsar" else { return [] }
        do {
            var missing: [String] = []
            for step in try PulsarSettings.bootstrap(configuration).steps where !(try await step.isDone()) {
                missing.append(step.name)
            }
            return missing.isEmpty
                ? [.ok("pulsar", "\(configuration[.pulsarURL]) has all topics, subscriptions and policies")]
                : [.failure("pulsar", "Missing: \(missing.joined(separator: ", ")).", remedy: "Run: hearth bootstrap")]
        } catch {
            return [
                .warning(
                    "pulsar", "Topics and policies were not checked: \(error)",
                    remedy: "Set pulsar.admin_url to the web service of the cluster.")
            ]
        }
    }

    private func stores() async -> [Finding] {
        do {
            let stores = try await StoreComposition(configuration)
            var findings: [Finding] = []
            let backlogs = try await stores.running { stores in
                var backlogs: [(TaskTopic, TaskBacklog)] = []
                for topic in TaskTopic.allCases { backlogs.append((topic, try await stores.bus.backlog(of: topic))) }
                return backlogs
            }
            for (topic, backlog) in backlogs {
                let detail = "\(backlog.ready) ready, \(backlog.inFlight) running, \(backlog.deadLetters) dead letters"
                findings.append(
                    backlog.deadLetters == 0
                        ? .ok("bus/\(topic)", detail)
                        : .warning(
                            "bus/\(topic)", detail, remedy: "Look at them: hearth tasks dead-letters --topic \(topic)"))
            }
            let factory = EncoderFactory(configuration, assets: stores.data.assets)
            for project in try await stores.timeline.projects() {
                findings.append(await self.project(project, in: stores))
                if let finding = await EncoderExamination(factory: factory).finding(of: project) {
                    findings.append(finding)
                }
            }
            return findings
        } catch let error as TaskBusError where configuration[.busKind] == "pulsar" {
            return [.failure("bus", "\(error)", remedy: "Start the broker, or set pulsar.url to where it is.")]
        } catch {
            return [
                .failure(
                    "stores", "\(error)", remedy: "If the file is damaged, restore it or move it away and ingest again."
                )
            ]
        }
    }

    private func project(_ project: Project, in stores: StoreComposition) async -> Finding {
        let name = "project/\(project.id)"
        do {
            try await SourceStores(configuration).check(project)
        } catch {
            return .failure(
                name, "\(error)", remedy: "Mount or restore it, or run: hearth projects remove \(project.id)")
        }
        do {
            guard let active = try await stores.index.active(of: project.id) else {
                return .warning(name, "It has no index.", remedy: "Run: hearth ingest --project \(project.id)")
            }
            let statistics = try await stores.index.statistics(of: active)
            return .ok(name, "\(statistics.documents) files, \(statistics.passages) chunks from \(project.source)")
        } catch {
            return .failure(name, "\(error)", remedy: "Run: hearth ingest --project \(project.id)")
        }
    }
}
