/// The best few of many scored numbers, as a binary heap with the worst on top.
///
/// Of equal scores the smaller number is better, so that the result does not depend on the order of arrival.
struct TopHits {
    struct Item {
        let score: Double
        let number: Int

        func isWorse(than other: Item) -> Bool {
            score < other.score || (score == other.score && number > other.number)
        }
    }

    let limit: Int
    private var heap: [Item] = []

    init(limit: Int) {
        self.limit = max(0, limit)
        heap.reserveCapacity(min(self.limit, 4096))
    }

    var count: Int { heap.count }

    /// What a score must reach to have a chance.
    var threshold: Double { heap.count < limit ? -.infinity : (heap.first?.score ?? .infinity) }

    mutating func offer(score: Double, number: Int) {
        let item = Item(score: score, number: number)
        if heap.count < limit {
            heap.append(item)
            rise(heap.count - 1)
        } else if let worst = heap.first, worst.isWorse(than: item) {
            heap[0] = item
            sink(0)
        }
    }

    /// Best first.
    func sorted() -> [Item] {
        heap.sorted { $1.isWorse(than: $0) }
    }

    private mutating func rise(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].isWorse(than: heap[parent]) else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var worst = index
            for child in 2 * index + 1..<2 * index + 3 where child < heap.count {
                if heap[child].isWorse(than: heap[worst]) { worst = child }
            }
            if worst == index { return }
            heap.swapAt(index, worst)
            index = worst
        }
    }
}
