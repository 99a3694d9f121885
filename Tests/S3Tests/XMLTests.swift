import Testing

@testable import S3

@Suite("Documents of S3")
struct XMLTests {
    private func parse(_ text: String) throws -> XMLElement { try XMLElement(parsing: Array(text.utf8)) }

    @Test("elements, attributes, entities, character data, comments, prefixes and line ends")
    func reads() throws {
        let root = try parse(
            "\u{FEFF}<?xml version='1.0' encoding=\"UTF-8\"?>\n<!-- a > b -->\n<s:A xmlns:s=\"http://x/?a>b\" b = 'c'>"
                + "<K>a&amp;b &lt;&gt;&quot;&apos;&#233;&#xE9;\r\n<![CDATA[<&]]>]</K><E/><K>é</K>t<!-- c -->u</s:A>\n")
        #expect(root.name == "A" && root.text == "tu")
        #expect(root.text(of: "K") == "a&b <>\"'éé\n<&]")
        #expect(root.all("K").map(\.text) == ["a&b <>\"'éé\n<&]", "é"] && root.first("E")?.text == "")
    }

    @Test(
        "what is no well-formed document is an error",
        arguments: [
            "", "text", "<a>", "<a></b>", "<a/><b/>", "<a", "<a b></a>", "<a b='></a>", "<a b='c'd='e'/>",
            "<a>&nbsp;</a>",
            "<a>&#0;</a>", "<a>&#x110000;</a>", "<a>&lt</a>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "<a><![CDATA[x</a>", "<a><!-- x</a>", "</a>", "<a>x</a>y", "<>x</>", "<a><!ELEMENT b></a>",
        ])
    func refuses(text: String) {
        #expect(throws: XMLError.self) { try parse(text) }
    }

    @Test("neither depth nor random bytes bring the reader down")
    func hostile() throws {
        #expect(throws: XMLError.self) { try parse(String(repeating: "<a>", count: 100_000)) }
        #expect(throws: XMLError.self) { try XMLElement(parsing: Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) }
        let sample = Array(
            "<?xml version=\"1.0\"?><L a='b'><Key>a&amp;b</Key><![CDATA[x]]><!-- c --><E/></L>".utf8)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = Bool.random() ? UInt8.random(in: 0...255) : sample.randomElement() ?? 0
                case 1: bytes.remove(at: place)
                default: bytes.removeSubrange(place...)
                }
                if bytes.isEmpty { break }
            }
            // Either a document or an error: what matters is that it returns.
            _ = try? XMLElement(parsing: bytes)
        }
    }

    @Test("what is written is read back")
    func writes() throws {
        let text = "a<b>&\"c\"\r\né]]>"
        #expect(try parse(XMLText.element("A", text)).text == text)
    }

    @Test("a page that says nothing of its end is an error, never the last page")
    func pages() throws {
        func page(_ inner: String) throws -> S3ListPage {
            try S3ListPage(try parse("<ListBucketResult>\(inner)</ListBucketResult>"), of: "list")
        }
        #expect(throws: S3Error.self) { try page("") }
        #expect(throws: S3Error.self) { try page("<IsTruncated>true</IsTruncated>") }
        #expect(throws: S3Error.self) { try page("<IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents>") }
        let read = try page(
            "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>t+</NextContinuationToken>"
                + "<Contents><Key>a+b%2Bc%0A</Key><Size>3</Size><ETag>\"e\"</ETag></Contents>")
        #expect(read.objects == [S3ObjectSummary(key: "a b+c\n", size: 3, etag: "e")] && read.continuation == "t+")
    }
}
