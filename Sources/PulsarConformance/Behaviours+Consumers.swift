import Pulsar

extension Behaviour {
    /// How messages are received, acknowledged and delivered again.
    static let consumers: [Behaviour] = [
        Behaviour("refuses a second exclusive consumer") { ground in
            let first = try await ground.consumer(ground.topic())
            do {
                _ = try await ground.consumer(ground.topic())
                throw Deviation(description: "two have the subscription exclusively")
            } catch let error as PulsarError { try expect(error.code, is: .consumerBusy, "code") }
            await first.close()
        },
        Behaviour("divides among shared consumers without prefetch") { ground in
            let consumers = [
                try await ground.consumer(ground.topic(), .shared) { $0.receiverQueueSize = 0 },
                try await ground.consumer(ground.topic(), .shared) { $0.receiverQueueSize = 0 },
            ]
            let producer = try await ground.producer(ground.topic())
            for number in 0..<4 { try await producer.send(OutgoingMessage("\(number)")) }
            // One takes a single message; all others are the other's, though the first is there.
            let busy = try await consumers[0].receive()
            let others = try await ground.take(3, from: consumers[1])
            try expect(Set(others.map(\.text) + [busy.text]), is: ["0", "1", "2", "3"], "texts")
            try expect(consumers[0].queuedMessages, is: 0, "messages fetched ahead")
        },
        Behaviour("gives back what comes when nobody waits any more") { ground in
            let impatient = try await ground.consumer(ground.topic(), .shared) { $0.receiverQueueSize = 0 }
            try await ground.expectSilence(of: impatient, for: .milliseconds(100))
            let patient = try await ground.consumer(ground.topic(), .shared) { $0.receiverQueueSize = 0 }
            async let waiting = ground.take(1, from: patient)
            try await ground.producer(ground.topic()).send(OutgoingMessage("x"))
            try expect(try await waiting[0].text, is: "x", "text")
            try expect(impatient.queuedMessages, is: 0, "messages kept")
        },
        Behaviour("fails over") { ground in
            let first = try await ground.consumer(ground.topic(), .failover) { $0.name = "a" }
            let second = try await ground.consumer(ground.topic(), .failover) { $0.name = "b" }
            let producer = try await ground.producer(ground.topic())
            try await producer.send(OutgoingMessage("1"))
            _ = try await ground.take(1, from: first)
            await first.close()
            try await producer.send(OutgoingMessage("2"))
            try expect(try await ground.take(1, from: second)[0].text, is: "2", "text")
        },
        Behaviour("gives a key to one consumer, in order") { ground in
            let consumers = [
                try await ground.consumer(ground.topic(), .keyShared()) { $0.name = "a" },
                try await ground.consumer(ground.topic(), .keyShared()) { $0.name = "b" },
            ]
            let producer = try await ground.producer(ground.topic())
            for number in 0..<60 { try await producer.send(OutgoingMessage("\(number)", key: "k\(number % 10)")) }
            var owner: [String: Int] = [:]
            var last: [String: Int] = [:]
            var count = 0
            for (place, consumer) in consumers.enumerated() {
                while let message = try await consumer.receive(timeout: .milliseconds(700)) {
                    try await consumer.acknowledge(message)
                    count += 1
                    let (key, number) = (message.key ?? "", Int(message.text) ?? -1)
                    try expect(owner[key, default: place] == place, "\(key) went to two consumers")
                    try expect(last[key, default: -1] < number, "\(key) is out of order")
                    (owner[key], last[key]) = (place, number)
                }
            }
            try expect(count, is: 60, "messages")
        },
        Behaviour("delivers again what was rejected") { ground in
            let consumer = try await ground.consumer(ground.topic(), .shared) {
                $0.redelivery = RedeliveryBackoff(first: .milliseconds(200))
            }
            try await ground.producer(ground.topic()).send(OutgoingMessage("x"))
            let first = try await consumer.receive()
            consumer.reject(first)
            let again = try await ground.take(1, from: consumer)[0]
            try expect(again.redeliveryCount, is: 1, "redeliveries")
            try expect(again.id, is: first.id, "id")
            try await ground.expectSilence(of: consumer)
        },
        Behaviour("delivers again what is overdue") { ground in
            let consumer = try await ground.consumer(ground.topic(), .shared) {
                $0.acknowledgementTimeout = .milliseconds(300)
            }
            try await ground.producer(ground.topic()).send(OutgoingMessage("x"))
            _ = try await consumer.receive()
            try expect(try await ground.take(1, from: consumer)[0].redeliveryCount >= 1, "it is not counted")
            try await ground.expectSilence(of: consumer)
        },
        Behaviour("gives to others what a closed consumer had") { ground in
            let first = try await ground.consumer(ground.topic(), .shared)
            try await ground.producer(ground.topic()).send(OutgoingMessage("x"))
            _ = try await first.receive()
            await first.close()
            let second = try await ground.consumer(ground.topic(), .shared)
            try expect(try await ground.take(1, from: second)[0].text, is: "x", "text")
        },
        Behaviour("does not deliver again what was acknowledged") { ground in
            let producer = try await ground.producer(ground.topic())
            for number in 0..<10 { try await producer.send(OutgoingMessage("\(number)")) }
            let first = try await ground.consumer(ground.topic())
            _ = try await ground.take(4, from: first)
            await first.close()
            let second = try await ground.consumer(ground.topic())
            try expect(
                try await ground.take(6, from: second).map(\.text), is: (4..<10).map(String.init), "texts")
        },
        Behaviour("acknowledges all before a message") { ground in
            let producer = try await ground.producer(ground.topic())
            for number in 0..<10 { try await producer.send(OutgoingMessage("\(number)")) }
            let first = try await ground.consumer(ground.topic())
            var message = try await first.receive()
            for _ in 0..<6 { message = try await first.receive() }
            try await first.acknowledgeUpTo(message)
            await first.close()
            let second = try await ground.consumer(ground.topic())
            try expect(try await ground.take(3, from: second).map(\.text), is: ["7", "8", "9"], "texts")
        },
        Behaviour("filters the done of a batch that comes again") { ground in
            let consumer = try await ground.consumer(ground.topic(), .shared) {
                $0.redelivery = RedeliveryBackoff(first: .milliseconds(200))
            }
            let producer = try await ground.producer(ground.topic()) { $0.batching = BatchingConfiguration() }
            try await producer.send(OutgoingMessage("lone"))
            _ = try await ground.take(1, from: consumer)
            for number in 0..<5 { try await producer.enqueue(OutgoingMessage("\(number)")) { _ in } }
            await producer.flush()
            var rejected: Set<String> = []
            for _ in 0..<5 {
                let message = try await consumer.receive()
                if message.text == "2" {
                    consumer.reject(message)
                    rejected.insert(message.text)
                } else {
                    try await consumer.acknowledge(message)
                }
            }
            try expect(Set(try await ground.take(1, from: consumer).map(\.text)), is: rejected, "texts")
            try await ground.expectSilence(of: consumer)
        },
        Behaviour("acknowledges within a batch") { ground in
            let change: (inout ConsumerConfiguration) -> Void = { $0.acknowledgesBatchIndexes = true }
            let first = try await ground.consumer(ground.topic(), .shared, change)
            let producer = try await ground.producer(ground.topic()) { $0.batching = BatchingConfiguration() }
            for number in 0..<6 { try await producer.enqueue(OutgoingMessage("\(number)")) { _ in } }
            await producer.flush()
            _ = try await ground.take(3, from: first)
            await first.close()
            let second = try await ground.consumer(ground.topic(), .shared, change)
            try expect(Set(try await ground.take(3, from: second).map(\.text)), is: ["3", "4", "5"], "texts")
            try await ground.expectSilence(of: second)
        },
        Behaviour("sets aside what fails again and again") { ground in
            let topic = ground.topic()
            let consumer = try await ground.consumer(topic, .shared) {
                $0.redelivery = RedeliveryBackoff(first: .milliseconds(100), longest: .milliseconds(100))
                $0.deadLetters = DeadLetterPolicy(maximumRedeliveries: 2)
                $0.deadLetters?.initialSubscription = "s"
            }
            let id = try await ground.producer(topic).send(OutgoingMessage("bad", key: "k", properties: ["a": "1"]))
            for _ in 0...2 { consumer.reject(try await consumer.receive()) }
            let grave = try await ground.consumer("\(topic)-s-DLQ", .shared)
            let dead = try await ground.take(1, from: grave)[0]
            try expect(dead.text, is: "bad", "text")
            try expect(dead.key, is: "k", "key")
            try expect(dead.properties["a"], is: "1", "own property")
            try expect(dead.properties["REAL_TOPIC"], is: topic, "REAL_TOPIC")
            try expect(dead.properties["ORIGIN_MESSAGE_ID"], is: id.description, "ORIGIN_MESSAGE_ID")
            try await ground.expectSilence(of: consumer)
        },
        Behaviour("consumes later by way of a retry topic") { ground in
            let topic = ground.topic()
            let consumer = try await ground.consumer(topic, .shared) {
                $0.deadLetters = DeadLetterPolicy(maximumRedeliveries: 2, usesRetryTopic: true)
                $0.deadLetters?.initialSubscription = "s"
            }
            try await ground.producer(topic).send(OutgoingMessage("again"))
            for times in [nil, "1", "2"] {
                guard let message = try await consumer.receive(timeout: .seconds(10)) else {
                    throw Deviation(description: "it did not come again")
                }
                try expect(message.properties["RECONSUMETIMES"], is: times, "RECONSUMETIMES")
                try await consumer.reconsumeLater(message, after: .milliseconds(100))
            }
            let grave = try await ground.consumer("\(topic)-s-DLQ", .shared)
            try expect(try await ground.take(1, from: grave)[0].properties["REAL_TOPIC"], is: topic, "REAL_TOPIC")
        },
        Behaviour("seeks to the beginning") { ground in
            let producer = try await ground.producer(ground.topic())
            for number in 0..<5 { try await producer.send(OutgoingMessage("\(number)")) }
            let consumer = try await ground.consumer(ground.topic())
            _ = try await ground.take(5, from: consumer)
            try await consumer.seek(to: .earliest)
            try expect(
                try await ground.take(5, from: consumer).map(\.text), is: (0..<5).map(String.init), "texts")
        },
        Behaviour("tells the last message") { ground in
            let producer = try await ground.producer(ground.topic())
            let consumer = try await ground.consumer(ground.topic())
            try await producer.send(OutgoingMessage("1"))
            let id = try await producer.send(OutgoingMessage("2"))
            let last = try await consumer.lastMessageIDs()[ground.topic()]
            try expect(last.map { [$0.ledgerID, $0.entryID] }, is: [id.ledgerID, id.entryID], "last id")
        },
        Behaviour("unsubscribes") { ground in
            let producer = try await ground.producer(ground.topic())
            let first = try await ground.consumer(ground.topic())
            try await producer.send(OutgoingMessage("old"))
            _ = try await first.receive()
            try await first.unsubscribe()
            let second = try await ground.consumer(ground.topic()) { $0.initialPosition = .latest }
            try await producer.send(OutgoingMessage("new"))
            try expect(try await ground.take(1, from: second)[0].text, is: "new", "text")
        },
        Behaviour("receives several topics") { ground in
            let topics = [ground.topic("a"), ground.topic("b")]
            var configuration = ConsumerConfiguration(topics: .several(topics), subscription: "s", type: .shared)
            configuration.receiverQueueSize = 0
            let consumer = try await ground.client.consumer(configuration)
            for topic in topics { try await ground.producer(topic).send(OutgoingMessage(topic)) }
            try expect(Set(try await ground.take(2, from: consumer).map(\.text)), is: Set(topics), "texts")
        },
        Behaviour("receives the topics of a pattern") { ground in
            let topics = [ground.topic("red-1"), ground.topic("red-2"), ground.topic("blue")]
            for topic in topics { try await ground.producer(topic).send(OutgoingMessage(topic)) }
            var configuration = ConsumerConfiguration(
                topics: .pattern(
                    namespace: "public/default", expression: "conformance-\(ground.run)-\(ground.behaviour)-red-.*"),
                subscription: "s", type: .shared)
            configuration.initialPosition = .earliest
            let consumer = try await ground.client.consumer(configuration)
            try expect(
                Set(try await ground.take(2, from: consumer).map(\.text)), is: Set(topics.prefix(2)), "texts")
        },
        Behaviour("reads from the beginning, the end and a message") { ground in
            let producer = try await ground.producer(ground.topic())
            var ids: [MessageID] = []
            for number in 0..<5 { ids.append(try await producer.send(OutgoingMessage("\(number)"))) }
            for (start, first) in [
                (ReaderConfiguration.Start.earliest, "0"), (.after(ids[1]), "2"), (.at(ids[3]), "3"),
            ] {
                let reader = try await ground.client.reader(ReaderConfiguration(topic: ground.topic(), start: start))
                try expect(try await reader.hasMessageAvailable(), "there is nothing to read from \(start)")
                try expect(try await reader.read().text, is: first, "first of \(start)")
                await reader.close()
            }
            let reader = try await ground.client.reader(ReaderConfiguration(topic: ground.topic(), start: .latest))
            try expect(try await !reader.hasMessageAvailable(), "there is something after the end")
            try await producer.send(OutgoingMessage("new"))
            try expect(try await reader.read().text, is: "new", "first after the end")
            await reader.close()
        },
        Behaviour("ends its sequence when it is closed") { ground in
            let consumer = try await ground.consumer(ground.topic())
            async let count = consumer.reduce(0) { count, _ in count + 1 }
            await consumer.close()
            try expect(try await count, is: 0, "messages")
        },
    ]
}
