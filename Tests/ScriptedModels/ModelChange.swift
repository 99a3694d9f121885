import Synchronization

/// The models that take the place of a server's while it runs.
public final class ModelChange: Sendable {
    private let models = Mutex<[ScriptedModels.Model]?>(nil)

    init() {}

    /// As after `ollama pull`, or a restart with another model.
    public func replaceAll(with models: [ScriptedModels.Model]) { self.models.withLock { $0 = models } }

    var current: [ScriptedModels.Model]? { models.withLock { $0 } }
}
