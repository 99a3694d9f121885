import Backends
import ServiceLifecycle

/// Keeps a bus going that several processes share. Stopped last, so that what the others hold can be handed back.
struct BusService: Service {
    let bus: PulsarTaskBus

    func run() async throws { await cancelWhenGracefulShutdown { await bus.run() } }
}
