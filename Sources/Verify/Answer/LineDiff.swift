/// Two texts line by line.
enum LineDiff {
    /// Lines that begin with ` ` (the same), `-` (gone) or `+` (new), in the order of the texts.
    static func lines(from old: [String], to new: [String]) -> [String] {
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map(\.offset))
        let inserted = Set(difference.insertions.map(\.offset))
        var lines: [String] = []
        var place = 0
        for (offset, line) in old.enumerated() {
            if removed.contains(offset) {
                lines.append("-" + line)
            } else {
                while inserted.contains(place) {
                    lines.append("+" + new[place])
                    place += 1
                }
                lines.append(" " + line)
                place += 1
            }
        }
        return lines + new[min(place, new.count)...].map { "+" + $0 }
    }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
