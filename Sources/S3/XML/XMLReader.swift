/// Reads the part of XML 1.0 that S3 servers send: elements, attributes (skipped), text, entities, CDATA, comments.
///
/// A document type is refused, so that no entity can be declared: what is read is never larger than what was sent.
struct XMLReader {
    private static let deepest = 32

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The root element, with nothing but comments and space around it.
    mutating func document() throws(XMLError) -> XMLElement {
        if starts("\u{FEFF}") { position += 3 }
        try skipMisc()
        guard starts("<"), !starts("</") else { throw fault("There is no root element") }
        let root = try element(depth: 0)
        try skipMisc()
        guard position == bytes.count else { throw fault("Something follows the root element") }
        return root
    }

    private mutating func element(depth: Int) throws(XMLError) -> XMLElement {
        guard depth < Self.deepest else { throw fault("Elements are nested too deeply") }
        position += 1
        let tag = try name()
        var element = XMLElement(name: Self.local(tag))
        if try attributes() { return element }
        var text: [UInt8] = []
        while true {
            guard position < bytes.count else { throw fault("<\(element.name)> does not end") }
            if bytes[position] != UInt8(ascii: "<") {
                try readText(into: &text)
            } else if starts("</") {
                position += 2
                guard try name() == tag else { throw fault("</\(element.name)> is missing") }
                skipSpace()
                try expect(">")
                guard let whole = String(validating: text, as: UTF8.self) else { throw fault("The text is no UTF-8") }
                element.text = whole
                return element
            } else if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<![CDATA[") {
                position += 9
                let start = position
                try skip(past: "]]>")
                text += bytes[start..<position - 3]
            } else if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!") {
                throw fault("A declaration is not allowed")
            } else {
                element.children.append(try self.element(depth: depth + 1))
            }
        }
    }

    /// Skips the attributes of a start tag and its end. Whether the element is empty (`<a/>`).
    private mutating func attributes() throws(XMLError) -> Bool {
        while true {
            let hadSpace = skipSpace()
            if starts("/>") {
                position += 2
                return true
            }
            if starts(">") {
                position += 1
                return false
            }
            guard hadSpace else { throw fault("A space is missing before an attribute") }
            _ = try name()
            skipSpace()
            try expect("=")
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'")
            else { throw fault("An attribute has no quoted value") }
            let quote = bytes[position]
            guard let end = bytes[(position + 1)...].firstIndex(of: quote),
                !bytes[position..<end].contains(UInt8(ascii: "<"))
            else { throw fault("An attribute's value does not end") }
            position = end + 1
        }
    }

    private mutating func readText(into text: inout [UInt8]) throws(XMLError) {
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") {
            if bytes[position] == UInt8(ascii: "&") {
                text += try entity()
            } else if bytes[position] == UInt8(ascii: "\r") {
                // Line ends are one line feed, however they were sent.
                text.append(UInt8(ascii: "\n"))
                position += starts("\r\n") ? 2 : 1
            } else {
                text.append(bytes[position])
                position += 1
            }
        }
    }

    private mutating func entity() throws(XMLError) -> [UInt8] {
        let limit = min(bytes.count, position + 12)
        guard let end = bytes[position..<limit].firstIndex(of: UInt8(ascii: ";")) else {
            throw fault("A reference does not end")
        }
        let name = String(decoding: bytes[position + 1..<end], as: UTF8.self)
        let scalar: Unicode.Scalar?
        switch name {
        case "lt": scalar = "<"
        case "gt": scalar = ">"
        case "amp": scalar = "&"
        case "quot": scalar = "\""
        case "apos": scalar = "'"
        case _ where name.hasPrefix("#x"): scalar = UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        case _ where name.hasPrefix("#"): scalar = UInt32(name.dropFirst(1)).flatMap(Unicode.Scalar.init)
        default: scalar = nil
        }
        guard let scalar, scalar.value != 0 else { throw fault("There is no character &\(name);") }
        position = end + 1
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func name() throws(XMLError) -> String {
        let start = position
        while position < bytes.count, Self.isName(bytes[position]) { position += 1 }
        guard position > start, let name = String(validating: bytes[start..<position], as: UTF8.self) else {
            throw fault("A name is missing")
        }
        return name
    }

    /// Comments, instructions (the XML declaration among them) and space.
    private mutating func skipMisc() throws(XMLError) {
        while true {
            skipSpace()
            if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<!") {
                throw fault("A document type is not allowed")
            } else {
                return
            }
        }
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = position
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        return position > start
    }

    private mutating func skip(past mark: StaticString) throws(XMLError) {
        while position < bytes.count {
            if starts(mark) {
                position += mark.utf8CodeUnitCount
                return
            }
            position += 1
        }
        throw fault("\(mark) is missing")
    }

    private mutating func expect(_ mark: StaticString) throws(XMLError) {
        guard starts(mark) else { throw fault("\(mark) is missing") }
        position += mark.utf8CodeUnitCount
    }

    private func starts(_ mark: StaticString) -> Bool {
        let count = mark.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        return mark.withUTF8Buffer { wanted in
            for index in 0..<count where bytes[position + index] != wanted[index] { return false }
            return true
        }
    }

    private func fault(_ message: String) -> XMLError { XMLError(message: message, offset: position) }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: ":"), 0x80...:
            true
        default: false
        }
    }

    private static func local(_ tag: String) -> String {
        tag.firstIndex(of: ":").map { String(tag[tag.index(after: $0)...]) } ?? tag
    }
}
