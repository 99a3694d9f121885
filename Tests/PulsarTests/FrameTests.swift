import CPulsarCodecs
import NIOCore
import Testing

@testable import Pulsar

@Suite("Frames")
struct FrameTests {
    @Test(
        "CRC-32C is that of RFC 3720",
        arguments: [
            ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
            ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
            ([UInt8](0..<32), 0x46dd_794e),
            (Array("123456789".utf8), 0xe306_9283),
        ] as [([UInt8], UInt32)])
    func checksum(bytes: [UInt8], expected: UInt32) {
        #expect(bytes.withUnsafeBytes { Checksum.crc32c($0) } == expected)
        #expect(bytes.withUnsafeBytes { pulsar_crc32c_portable(0, $0.baseAddress, $0.count) } == expected)
    }

    @Test("a frame arrives whole however its bytes are cut", arguments: [1, 2, 3, 7, 4096])
    func pieces(size: Int) throws {
        var bytes = try Samples.message("hello", brokerIndex: 42)
        bytes.writeImmutableBuffer(try FrameEncoder.encode(.pong(WirePong())))
        bytes.writeImmutableBuffer(try Samples.message("plain", checksum: false))
        let frames = try FrameDecoder.frames(of: bytes, piece: size)
        try #require(frames.count == 3)
        guard case .message(let message, .intact(let metadata, let payload, let index)) = frames[0] else {
            Issue.record("no intact message"); return
        }
        #expect(message.messageID.entryID == 6 && metadata.sequenceID == 3)
        #expect(String(buffer: payload) == "hello" && index == 42)
        guard case .command(.pong) = frames[1], case .message(_, .intact(_, let plain, nil)) = frames[2] else {
            Issue.record("other frames"); return
        }
        #expect(String(buffer: plain) == "plain")
    }

    @Test("an entry with a wrong checksum is damaged, and the stream goes on")
    func damaged() throws {
        var bytes = try Samples.message("hello")
        bytes.setInteger(UInt8(0), at: bytes.writerIndex - 1)
        bytes.writeImmutableBuffer(try Samples.message("next"))
        let frames = try FrameDecoder.frames(of: bytes, piece: 64)
        guard case .message(_, .damaged(.checksumMismatch)) = frames[0], case .message(_, .intact) = frames[1] else {
            Issue.record("found \(frames)"); return
        }
    }

    @Test("a frame of an impossible size is refused before its bytes are waited for")
    func impossible() {
        #expect(throws: PulsarError.self) { try FrameDecoder.frames(of: ByteBuffer(string: "HTTP/1.1 400"), piece: 4) }
    }

    @Test("no bytes whatever crash the decoder, hang it, or make it hold more than came")
    func fuzz() throws {
        var random = SystemRandomNumberGenerator()
        let seeds = [
            try Samples.message("hello", brokerIndex: 1), try FrameEncoder.encode(Samples.connected()),
            try FrameEncoder.encode(.sendReceipt(Samples.receipt(3))),
        ]
        for round in 0..<20_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<bytes.readableBytes, using: &random)
                bytes.setInteger(UInt8.random(in: .min ... .max, using: &random), at: place)
            }
            if round % 3 == 0 { bytes.moveWriterIndex(to: Int.random(in: 1...bytes.writerIndex, using: &random)) }
            do {
                for case .message(let message, .intact(let metadata, let payload, let index))
                    in try FrameDecoder.frames(
                        of: bytes, piece: 50)
                {
                    let whole = try EntryReader.decompress(payload, metadata)
                    let reader = EntryReader(topic: "t", source: SourceID(rawValue: 1), partition: -1)
                    _ = try reader.messages(
                        message, id: MessageID(message.messageID), metadata: metadata, payload: whole, index: index)
                }
            } catch is PulsarError {}
        }
    }

    @Test("what is compressed comes back, and damaged bytes are an error", arguments: CompressionCodec.allCases)
    func codecs(codec: CompressionCodec) throws {
        let payload = ByteBuffer(string: String(repeating: "abc ", count: 1000))
        let packed = try codec.compress(payload)
        #expect(try codec.decompress(packed, size: 4000, limit: 5000) == payload)
        guard codec != .none else { return }
        #expect(packed.readableBytes < 200)
        #expect(throws: PulsarError.self) { try codec.decompress(packed, size: 3999, limit: 5000) }
        #expect(throws: PulsarError.self) { try codec.decompress(packed, size: 1 << 40, limit: 5000) }
        #expect(throws: PulsarError.self) {
            try codec.decompress(ByteBuffer(string: "nonsense"), size: 4000, limit: 5000)
        }
    }

    @Test("a batch that claims more messages than its bytes can hold is refused")
    func absurdBatch() throws {
        var metadata = WireMessageMetadata()
        metadata.numMessagesInBatch = .max
        let reader = EntryReader(topic: "t", source: SourceID(rawValue: 1), partition: -1)
        #expect(throws: PulsarError.self) {
            try reader.messages(
                WireMessage(), id: .earliest, metadata: metadata, payload: ByteBuffer(string: "12345678"), index: nil)
        }
    }
}

@Suite("Names, addresses and keys")
struct NameTests {
    @Test(
        "topics have full names",
        arguments: [
            ("t", "persistent://public/default/t"), ("a/b/c", "persistent://a/b/c"),
            ("non-persistent://a/b/c", "non-persistent://a/b/c"),
            ("persistent://a/b/c-partition-12", "persistent://a/b/c-partition-12"),
        ])
    func topics(text: String, name: String) throws {
        #expect(try TopicName(text).description == name)
    }

    @Test(
        "what is no topic is refused",
        arguments: ["", "a/b", "http://a/b/c", "a//c", "a/b/c/d/e", "a b", "persistent://t"])
    func noTopics(text: String) {
        #expect(throws: PulsarError.self) { try TopicName(text) }
    }

    @Test("service URLs name hosts and ports")
    func urls() throws {
        #expect(try ServiceURL("pulsar://a").addresses[0].port == 6650)
        #expect(try ServiceURL("pulsar+ssl://a,b:1/").description == "pulsar+ssl://a:6651,b:1")
        #expect(try ServiceURL("pulsar://[::1]:6650").addresses[0].host == "::1")
        for text in ["", "a:6650", "http://a", "pulsar://", "pulsar://a:0", "pulsar://a:x", "pulsar://u@a"] {
            #expect(throws: PulsarError.self) { try ServiceURL(text) }
        }
    }

    @Test("keys are hashed as the official clients hash them")
    func hashes() {
        #expect(MessageRouting.Hash.javaString.value(of: "hello") == 99_162_322)
        #expect(MessageRouting.Hash.javaString.value(of: "") == 0)
        #expect(Murmur3.hash(Array("hello".utf8)) == 0x248b_fa47)
        #expect(Murmur3.hash(Array("hello, world".utf8)) == 0x149b_bb7f)
        #expect(Murmur3.hash([]) == 0)
        let routing = MessageRouting()
        let turns = (0..<4).map { routing.partition(of: OutgoingMessage("x"), among: 3, turn: $0) }
        #expect(turns == [0, 1, 2, 0])
    }

    @Test(
        "ids survive being written down, the sentinels too",
        arguments: [
            MessageID.earliest, .latest, MessageID(ledgerID: 4, entryID: 5, partition: 2, batchIndex: 1, batchSize: 3),
        ])
    func ids(id: MessageID) throws {
        #expect(try MessageID(serialized: id.serialized) == id)
    }

    @Test("the wait doubles, within bounds, and is never the whole")
    func backoff() {
        var backoff = Backoff(first: .milliseconds(100), longest: .milliseconds(300))
        #expect(
            (0..<3).map { _ in backoff.delay(unit: 1) } == [.milliseconds(100), .milliseconds(200), .milliseconds(300)])
        #expect(backoff.delay(unit: 0) == .milliseconds(150))
        backoff.reset()
        #expect(backoff.delay(unit: 1) == .milliseconds(100))
    }
}
