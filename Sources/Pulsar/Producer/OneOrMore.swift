/// A collection that is one element most of the time, which then needs no memory of its own.
enum OneOrMore<Element> {
    case one(Element)
    case more([Element])

    init(_ elements: [Element]) {
        if elements.count == 1 { self = .one(elements[0]) } else { self = .more(elements) }
    }
}

extension OneOrMore: RandomAccessCollection {
    var startIndex: Int { 0 }

    var endIndex: Int {
        switch self {
        case .one: 1
        case .more(let elements): elements.count
        }
    }

    subscript(position: Int) -> Element {
        switch self {
        case .one(let element): element
        case .more(let elements): elements[position]
        }
    }
}

extension OneOrMore: Sendable where Element: Sendable {}
