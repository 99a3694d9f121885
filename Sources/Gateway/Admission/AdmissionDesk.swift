import FoundationEssentials
import Hearth

/// Measures for ``Admission``, at most once in a while and never twice at the same time.
actor AdmissionDesk {
    private let bus: any TaskBus
    private let ledger: any TaskLedger
    private let maximumAge: Duration
    private var admission: Admission
    private var measuredAt: ContinuousClock.Instant?
    private var isMeasuring = false

    /// How far back answers are counted, in seconds.
    private let window = 300.0

    init(bus: any TaskBus, ledger: any TaskLedger, limit: Int, slots: Int, maximumAge: Duration = .milliseconds(200)) {
        self.bus = bus
        self.ledger = ledger
        self.maximumAge = maximumAge
        admission = Admission(backlog: TaskBacklog(), throughput: Throughput(), limit: limit, slots: slots)
    }

    /// Lets a question in or refuses it.
    func decide() async -> Admission.Decision {
        await measure()
        return admission.decide()
    }

    /// Where the question that was let in as number `position` will be, and for how long, in seconds.
    func outlook() async -> (waiting: Int, secondsPerAnswer: Double?) {
        await measure()
        return (admission.waiting, admission.secondsPerAnswer)
    }

    /// Seconds until so many of the questions that are open now have ended, 1…120.
    func wait(for places: Int) async -> Int {
        await measure()
        return Admission.retryAfter(Double(places) * (admission.secondsPerAnswer ?? 1))
    }

    /// Places that are free.
    var remaining: Int { max(0, admission.limit - admission.waiting) }

    private func measure() async {
        if let measuredAt, ContinuousClock.now - measuredAt < maximumAge { return }
        guard !isMeasuring else { return }
        isMeasuring = true
        defer { isMeasuring = false }
        measuredAt = .now
        let before = (admission.admitted, admission.refused)
        // A bus that is away says so when the question is published; admission does not guess.
        guard let backlog = try? await bus.backlog(of: .answer) else { return }
        if let throughput = try? await ledger.throughput(since: Date().addingTimeInterval(-window)) {
            admission.throughput = throughput
        }
        admission.backlog = backlog
        // What was let in while the bus was being asked may or may not be counted: it is counted, to be safe.
        admission.admitted -= before.0
        admission.refused -= before.1
    }
}
