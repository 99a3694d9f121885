import FoundationEssentials
import NIOCore
import NIOSSL
import Synchronization
import Testing

@testable import Pulsar

/// What pulsar-lite lacks or was not tried with (credentials, TLS, redirects, a proxy, a broker that breaks off at a chosen
/// moment), against a scripted peer.
@Suite("A client and a cluster of a test's making", .timeLimit(.minutes(1)))
struct ScriptedClusterTests {
    // MARK: Credentials

    @Test("a token and a name with its password are sent with the first command")
    func sendsCredentials() async throws {
        try await ScriptedPeer.withPeer { peer in
            try await peer.withClient {
                $0.authentication = .token("abc")
            } _: {
                try await $0.connect()
            }
            try await peer.withClient {
                $0.authentication = .basic(user: "me", password: "pass:word")
            } _: {
                try await $0.connect()
            }
            let sent = peer.received.compactMap { received -> [String]? in
                guard case .connect(let connect) = received.part else { return nil }
                return [connect.authMethodName, String(decoding: connect.authData, as: UTF8.self)]
            }
            #expect(sent == [["token", "abc"], ["basic", "me:pass:word"]])
        }
    }

    @Test("refused credentials are an error at once, not tried again")
    func refusedCredentials() async throws {
        let script: ScriptedPeer.Script = { received, line in
            guard case .connect = received.part else { return false }
            var refusal = WireError()
            refusal.requestID = .max
            refusal.error = ServerErrorCode.authentication.rawValue
            refusal.message = "bad token"
            try line.write(.error(refusal))
            line.close()
            return true
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient { client in
                let error = await #expect(throws: PulsarError.self) {
                    _ = try await client.producer(ProducerConfiguration(topic: "t"))
                }
                #expect(error?.code == .authenticationFailed && error?.isRetriable == false)
            }
            #expect(peer.received.count == 1)
        }
    }

    @Test("a broker whose token has run out gets the supplier's next one")
    func refreshes() async throws {
        try await ScriptedPeer.withPeer { peer in
            let count = Mutex(0)
            try await peer.withClient {
                $0.authentication = .token(supplier: { "token-\(count.withLock { $0 += 1; return $0 })" })
            } _: { client in
                try await client.connect()
                var challenge = WireAuthChallenge()
                challenge.challenge.authMethodName = "token"
                try peer.say(.authChallenge(challenge))
                let answers = await peer.wait { if case .authResponse = $0.part { true } else { false } }
                guard case .authResponse(let answer) = answers[0].part else { return }
                #expect(String(decoding: answer.response.authData, as: UTF8.self) == "token-2")
                #expect(answer.response.authMethodName == "token")
            }
        }
    }

    // MARK: Lookup

    @Test("a redirected lookup goes on at the broker that was named, with its authority")
    func redirects() async throws {
        try await ScriptedPeer.withPeer { owner in
            let ownerURL = owner.url
            let script: ScriptedPeer.Script = { received, line in
                guard case .lookup(let lookup) = received.part else { return false }
                try line.write(.lookupResponse(Samples.lookup(lookup.requestID, .redirect, url: ownerURL)))
                return true
            }
            try await ScriptedPeer.withPeer(script: script) { first in
                try await first.withClient { client in
                    let producer = try await client.producer(ProducerConfiguration(topic: "t"))
                    try await producer.send(OutgoingMessage("x"))
                }
                #expect(!first.received.contains { if case .producer = $0.part { true } else { false } })
            }
            let lookups = owner.received.compactMap { received -> Bool? in
                if case .lookup(let lookup) = received.part { lookup.authoritative } else { nil }
            }
            #expect(lookups == [true])
            #expect(owner.received.contains { if case .send = $0.part { true } else { false } })
        }
    }

    @Test("a cluster that redirects for ever is an error, not a loop")
    func redirectsForEver() async throws {
        let script: ScriptedPeer.Script = { received, line in
            guard case .lookup(let lookup) = received.part else { return false }
            let url = "pulsar://127.0.0.1:\(line.channel.localAddress?.port ?? 0)"
            try line.write(.lookupResponse(Samples.lookup(lookup.requestID, .redirect, url: url)))
            return true
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient({ $0.operationTimeout = .milliseconds(300) }) { client in
                let error = await #expect(throws: PulsarError.self) {
                    _ = try await client.producer(ProducerConfiguration(topic: "t"))
                }
                #expect(error?.code == .lookupFailed)
            }
        }
    }

    @Test("behind a proxy the broker's address is passed on, and nobody else is connected to")
    func proxies() async throws {
        let script: ScriptedPeer.Script = { received, line in
            guard case .lookup(let lookup) = received.part else { return false }
            var answer = Samples.lookup(lookup.requestID, .connect, url: "pulsar://broker.internal:6650")
            answer.proxyThroughServiceURL = true
            try line.write(.lookupResponse(answer))
            return true
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient { (client) async throws -> Void in
                try await client.producer(ProducerConfiguration(topic: "t")).send(OutgoingMessage("x"))
            }
            let targets = peer.received.compactMap { received -> String? in
                if case .connect(let connect) = received.part { connect.proxyToBrokerURL } else { nil }
            }
            #expect(targets == ["", "broker.internal:6650"])
        }
    }

    @Test("a topic that is not there, and is not made, is told by its code")
    func missingTopic() async throws {
        let script: ScriptedPeer.Script = { received, line in
            guard case .partitionedMetadata(let asked) = received.part else { return false }
            var answer = WirePartitionedMetadataResponse()
            answer.requestID = asked.requestID
            answer.response = .failed
            answer.error = ServerErrorCode.topicNotFound.rawValue
            try line.write(.partitionedMetadataResponse(answer))
            return true
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient { client in
                let error = await #expect(throws: PulsarError.self) {
                    _ = try await client.producer(ProducerConfiguration(topic: "t"))
                }
                #expect(error?.code == .topicNotFound && error?.isRetriable == false)
            }
        }
    }

    // MARK: Broken connections

    @Test("what had no receipt when the connection broke is sent again, in order and once, under the same name")
    func resends() async throws {
        // The first connection takes messages and confirms none.
        let script: ScriptedPeer.Script = { received, _ in
            if case .send = received.part { received.connection == 1 } else { false }
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient { client in
                var configuration = ProducerConfiguration(topic: "t")
                configuration.batching = nil
                let producer = try await client.producer(configuration)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let receipts = Mutex(0)
                    for number in 0..<5 {
                        try await producer.enqueue(OutgoingMessage("\(number)")) { _ in receipts.withLock { $0 += 1 } }
                    }
                    _ = await peer.wait(for: 5) { if case .send = $0.part { true } else { false } }
                    peer.breakConnections()
                    group.addTask { await producer.flush() }
                    try await group.waitForAll()
                    #expect(receipts.withLock { $0 } == 5)
                }
            }
            let again = peer.received.filter { $0.connection > 1 }
            let sequences = again.compactMap { received -> UInt64? in
                if case .send(let send) = received.part { send.sequenceID } else { nil }
            }
            #expect(sequences == [0, 1, 2, 3, 4])
            let producers = peer.received.compactMap { received -> WireProducer? in
                if case .producer(let producer) = received.part { producer } else { nil }
            }
            #expect(producers.map(\.producerName) == ["", "given-by-the-peer"])
            #expect(producers.map(\.epoch) == [0, 1])
            #expect(producers.allSatisfy { !$0.userProvidedProducerName })
        }
    }

    @Test("a consumer without a queue grants again, after a reconnect, what its callers wait for and no more")
    func grantsAgain() async throws {
        try await ScriptedPeer.withPeer { peer in
            try await peer.withClient { client in
                var configuration = ConsumerConfiguration(topic: "t", subscription: "s", type: .shared)
                configuration.receiverQueueSize = 0
                let consumer = try await client.consumer(configuration)
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<3 { group.addTask { _ = try? await consumer.receive() } }
                    _ = await peer.wait(for: 3) { if case .flow = $0.part { true } else { false } }
                    peer.breakConnections()
                    _ = await peer.wait {
                        if case .flow = $0.part { $0.connection > 1 } else { false }
                    }
                    group.cancelAll()
                }
            }
            let granted = peer.received.reduce(into: [Int: UInt32]()) { sum, received in
                if case .flow(let flow) = received.part { sum[received.connection, default: 0] += flow.messagePermits }
            }
            #expect(granted[1] == 3 && granted.values.reduce(0, +) == 6)
        }
    }

    @Test("bytes that are no frame end the connection, not the producer")
    func survivesGarbage() async throws {
        try await ScriptedPeer.withPeer { peer in
            try await peer.withClient { client in
                let producer = try await client.producer(ProducerConfiguration(topic: "t"))
                try await producer.send(OutgoingMessage("before"))
                peer.say(ByteBuffer(bytes: [0xff, 0xff, 0xff, 0xff, 0x00, 0x00]))
                _ = await peer.wait(for: 2) { if case .producer = $0.part { true } else { false } }
                try await producer.send(OutgoingMessage("after"))
            }
        }
    }

    @Test("a ping is answered")
    func answersPings() async throws {
        try await ScriptedPeer.withPeer { peer in
            try await peer.withClient { client in
                try await client.connect()
                try peer.say(.ping(WirePing()))
                _ = await peer.wait { if case .pong = $0.part { true } else { false } }
            }
        }
    }

    @Test("a peer that stays silent is given up, and the producer goes on at a new connection")
    func givesUp() async throws {
        // Answers no ping of the first connection.
        let script: ScriptedPeer.Script = { received, _ in
            if case .ping = received.part { received.connection == 1 } else { false }
        }
        try await ScriptedPeer.withPeer(script: script) { peer in
            try await peer.withClient({ $0.keepAlive = .milliseconds(200) }) { client in
                let producer = try await client.producer(ProducerConfiguration(topic: "t"))
                _ = await peer.wait { if case .producer = $0.part { $0.connection > 1 } else { false } }
                try await producer.send(OutgoingMessage("x"))
            }
        }
    }
}
