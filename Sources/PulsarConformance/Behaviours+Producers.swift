import Pulsar

extension Behaviour {
    /// What a producer does beyond sending.
    static let producers: [Behaviour] = [
        Behaviour("keeps the order of many sends") { ground in
            let producer = try await ground.producer(ground.topic()) { $0.maximumPendingMessages = 10 }
            for number in 0..<500 { try await producer.enqueue(OutgoingMessage("\(number)")) { _ in } }
            await producer.flush()
            // Only now: some brokers deliver twice what is published and read at the same moment.
            let consumer = try await ground.consumer(ground.topic())
            try expect(
                try await ground.take(500, from: consumer).map(\.text), is: (0..<500).map(String.init), "texts")
        },
        Behaviour("counts its sequence") { ground in
            let producer = try await ground.producer(ground.topic())
            for _ in 0..<3 { try await producer.send(OutgoingMessage("x")) }
            try expect(producer.lastSequenceID, is: 2, "last sequence id")
            var message = OutgoingMessage("y")
            message.sequenceID = 10
            try await producer.send(message)
            try expect(producer.lastSequenceID, is: 10, "last sequence id")
            message.sequenceID = 10
            do {
                try await producer.send(message)
                throw Deviation(description: "a sequence id was taken twice")
            } catch let error as PulsarError { try expect(error.code, is: .invalidMessage, "code") }
        },
        Behaviour("refuses a second exclusive producer") { ground in
            let first = try await ground.producer(ground.topic()) { $0.accessMode = .exclusive }
            do {
                _ = try await ground.producer(ground.topic()) { $0.accessMode = .exclusive }
                throw Deviation(description: "two have exclusive access")
            } catch let error as PulsarError {
                try expect(
                    [.producerFenced, .producerBusy].contains(error.code), "it was refused with \(error.code)")
            }
            await first.close()
        },
        Behaviour("waits for exclusive access") { ground in
            let first = try await ground.producer(ground.topic()) { $0.accessMode = .exclusive }
            async let second = ground.producer(ground.topic()) { $0.accessMode = .waitForExclusive }
            try await first.send(OutgoingMessage("1"))
            await first.close()
            try await second.send(OutgoingMessage("2"))
        },
        Behaviour("ends what was closed") { ground in
            let producer = try await ground.producer(ground.topic())
            await producer.close()
            do {
                try await producer.send(OutgoingMessage("x"))
                throw Deviation(description: "a closed producer sent")
            } catch let error as PulsarError { try expect(error.code, is: .closed, "code") }
        },
        Behaviour("delays delivery") { ground in
            let consumer = try await ground.consumer(ground.topic(), .shared)
            var message = OutgoingMessage("later")
            message.delivery = .after(.seconds(3))
            let began = ContinuousClock.now
            try await ground.producer(ground.topic()).send(message)
            _ = try await ground.take(1, from: consumer)
            // The broker may be early by a tick of one second.
            try expect(
                ContinuousClock.now - began > .milliseconds(1800), "it came after \(ContinuousClock.now - began)")
        },
    ]
}
