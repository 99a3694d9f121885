public import Hearth

/// What a gateway works with.
public struct GatewayPorts: Sendable {
    /// Compares a project's source with its index and puts the differences on the bus.
    public typealias Ingest = @Sendable (Project) async throws -> ReconcileReport

    /// The same for some paths alone.
    public typealias IngestPaths = @Sendable (Project, Set<String>) async throws -> ReconcileReport

    public let bus: any TaskBus
    public let ledger: any TaskLedger
    public let timeline: any Timeline
    public let index: any PassageIndex
    public let encoders: Encoders
    public let generator: any Generator
    public let retriever: Retriever
    /// `nil` where this process cannot reach the sources.
    public let ingest: Ingest?
    /// `nil` where only whole sources are compared.
    public let ingestPaths: IngestPaths?

    public init(
        bus: any TaskBus,
        ledger: any TaskLedger,
        timeline: any Timeline,
        index: any PassageIndex,
        encoders: Encoders,
        generator: any Generator,
        retriever: Retriever,
        ingest: Ingest? = nil,
        ingestPaths: IngestPaths? = nil
    ) {
        self.bus = bus
        self.ledger = ledger
        self.timeline = timeline
        self.index = index
        self.encoders = encoders
        self.generator = generator
        self.retriever = retriever
        self.ingest = ingest
        self.ingestPaths = ingestPaths
    }

    var eraser: Eraser { Eraser(timeline: timeline, ledger: ledger, index: index, bus: bus) }
}
