import FoundationEssentials
import Hearth
import OpenAI
import Testing

@Suite("Reading requests")
struct RequestReaderTests {
    private static let chat = #"""
        {"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"ü🔥"}]}],
         "stream":true,"stream_options":{"include_usage":true},"temperature":0.5,"stop":["a","b"],"seed":-3,"n":1,
         "response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object","x":[1,2.5,null,true,"y"]}}},
         "tools":[{"type":"function"}],"tool_choice":"none","metadata":{"k":"v"},"unknown":{"deep":[[[]]]}}
        """#

    @Test("a request is read as it was sent, and written as it was read")
    func reads() throws {
        let request = try RequestReader.read(ChatCompletionRequest.self, from: Data(Self.chat.utf8))
        #expect(request.model == "m" && request.messages?.count == 2 && request.stream == true)
        #expect(request.messages?[1].content == .parts([.init(text: "ü🔥")]))
        #expect(request.streamOptions?.includeUsage == true && request.stop?.texts == ["a", "b"] && request.seed == -3)
        #expect(
            request.responseFormat?.jsonSchema?["schema"]?["x"]
                == .array([.integer(1), .number(2.5), .null, .bool(true), .string("y")]))
        let again = try JSONDecoder().decode(ChatCompletionRequest.self, from: try JSONEncoder().encode(request))
        #expect(again == request)
    }

    @Test("replies are read as they were written")
    func replies() throws {
        func twice<Value: Codable & Equatable>(_ value: Value) throws -> Value {
            try JSONDecoder().decode(Value.self, from: try JSONEncoder().encode(value))
        }
        let annotation = Annotation(.init(startIndex: 1, endIndex: 4, title: "t", url: "hearth://p/a#L1-L2"))
        let completion = ChatCompletion(
            id: "i", created: 1, model: "m", systemFingerprint: "f",
            choices: [.init(message: .init(content: "c", annotations: [annotation]), finishReason: "stop")],
            usage: ChatUsage(promptTokens: 1, completionTokens: 2))
        #expect(try twice(completion) == completion && completion.usage?.totalTokens == 3)
        let chunk = ChatCompletionChunk(id: "i", created: 1, model: "m", choices: [.init(delta: .init(content: "c"))])
        #expect(try twice(chunk) == chunk)
        #expect(String(decoding: try JSONEncoder().encode(chunk), as: UTF8.self).contains(#""finish_reason":null"#))
        let error = ErrorReply(.init(message: "m", type: "t"))
        #expect(try twice(error) == error)
        let text = String(decoding: try JSONEncoder().encode(error), as: UTF8.self)
        #expect(text.contains(#""param":null"#) && text.contains(#""code":null"#))
        let models = ModelList([.init(id: "hearth/demo", created: 1, ownedBy: "hearth")])
        #expect(try twice(models) == models)
    }

    @Test("vectors survive base64 to the last bit")
    func vectors() throws {
        let numbers: [Float] = [0, -0.0, 1, -1.5, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi]
        let packed = EmbeddingVector.packed(numbers)
        #expect(packed.numbers?.map(\.bitPattern) == numbers.map(\.bitPattern))
        // 1.0 is 0x3F800000, low byte first.
        #expect(EmbeddingVector.packed([1]) == .base64("AACAPw=="))
        #expect(EmbeddingVector.base64("AAA=").numbers == nil && EmbeddingVector.base64("?").numbers == nil)
        let list = EmbeddingList(model: "m", data: [.init(index: 0, embedding: packed)], usage: .init(promptTokens: 1))
        #expect(try JSONDecoder().decode(EmbeddingList.self, from: try JSONEncoder().encode(list)) == list)
    }

    @Test("a value is found as it was written")
    func source() {
        let document = Data(
            #" { "x" : [1,{"a":2}], "s":"}\"{", "a" : {"b" : { "z":1, "y":[true,"]"] } ,"c":-1e5} } "#.utf8)
        #expect(JSONSource.text(at: ["a", "b"], in: document) == #"{ "z":1, "y":[true,"]"] }"#)
        #expect(JSONSource.text(at: ["a", "c"], in: document) == "-1e5")
        #expect(JSONSource.text(at: ["s"], in: document) == #""}\"{""#)
        #expect(JSONSource.text(at: ["x"], in: document) == #"[1,{"a":2}]"#)
        #expect(JSONSource.text(at: ["a", "none"], in: document) == nil)
        #expect(JSONSource.text(at: ["x", "a"], in: document) == nil)
    }

    @Test("any damage to a request is read or refused with a message, and never more", arguments: 0..<400)
    func damage(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var bytes = Array(Self.chat.utf8)
        for _ in 0...random.next(below: 4) {
            let place = random.next(below: bytes.count)
            switch random.next(below: 5) {
            case 0: bytes[place] = UInt8(random.next(below: 256))
            case 1: bytes.remove(at: place)
            case 2:
                bytes.insert(contentsOf: Array(#"{"[,:null1e999}]"#.utf8).shuffled(using: &random).prefix(3), at: place)
            case 3: bytes.removeSubrange(place...)
            default:
                let end = min(bytes.count, place + random.next(below: 40))
                bytes.insert(contentsOf: bytes[place..<end], at: random.next(below: bytes.count))
            }
            if bytes.isEmpty { bytes = [UInt8(ascii: "{")] }
        }
        // Of anything at all the scanner takes no harm.
        _ = JSONSource.text(at: ["response_format", "json_schema", "schema"], in: Data(bytes))
        for type in [ChatCompletionRequest.self, EmbeddingRequest.self] as [any Decodable.Type] {
            do {
                _ = try RequestReader.read(type, from: Data(bytes))
            } catch let error as InvalidRequest {
                #expect(!error.message.isEmpty && error.param != "")
            }
        }
    }
}
