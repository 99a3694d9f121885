import Backends
import ServiceLifecycle

/// Uploads one folder and shows how far it is.
struct Push: Service {
    let push: TreePush
    let deletes: Bool
    let isRehearsal: Bool
    let isQuiet: Bool
    let progress = PushProgress()
    private let obstacle = Obstacle()

    init(push: TreePush, deletes: Bool, isRehearsal: Bool, isQuiet: Bool) {
        self.push = push
        self.deletes = deletes
        self.isRehearsal = isRehearsal
        self.isQuiet = isQuiet
    }

    /// Whether it was stopped before its end.
    var wasInterrupted: Bool { obstacle.error != nil }

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await push.run(deletes: deletes, isRehearsal: isRehearsal) {
                    [progress, isRehearsal, isQuiet] step in
                    progress.note(step)
                    guard !isQuiet else { return }
                    if isRehearsal { Self.tell(step) } else { progress.draw(on: .error) }
                }
            }
        } catch let error as CancellationError {
            // The wish to stop: the next push goes on from here.
            obstacle.note(error)
        }
        if !isQuiet, !isRehearsal { progress.finish(on: .error) }
    }

    private static func tell(_ step: TreePush.Step) {
        switch step {
        case .uploaded(let path, _): Terminal.output.line("upload \(path)")
        case .deleted(let path): Terminal.output.line("delete \(path)")
        case .unchanged, .left, .skipped: break
        }
    }
}
