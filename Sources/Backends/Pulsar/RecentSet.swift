/// Remembers the latest of many: at least `capacity` of them, at most twice as many.
struct RecentSet: Sendable {
    private let capacity: Int
    private var young: Set<String> = []
    private var old: Set<String> = []

    init(capacity: Int = 16_384) { self.capacity = capacity }

    func contains(_ element: String) -> Bool { young.contains(element) || old.contains(element) }

    mutating func insert(_ element: String) {
        guard !contains(element) else { return }
        young.insert(element)
        guard young.count >= capacity else { return }
        old = young
        young = []
    }
}
