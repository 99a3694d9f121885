import Hearth
import Testing

@testable import Evaluation

@Suite("Bootstrap")
struct BootstrapTests {
    @Test("the generator gives the published numbers of SplitMix64")
    func generator() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test("numbers below a bound stay below it and reach all of it")
    func bound() {
        var random = SplitMix64(seed: 9)
        let drawn = (0..<1000).map { _ in random.next(below: 7) }
        #expect(Set(drawn) == Set(0..<7))
    }

    @Test("the same seed gives the same interval, another seed another")
    func seed() {
        let values = (0..<50).map { Double($0 % 7) }
        let interval = Bootstrap(seed: 1, count: 50).interval(of: values)
        #expect(interval == Bootstrap(seed: 1, count: 50).interval(of: values))
        #expect(interval != Bootstrap(seed: 2, count: 50).interval(of: values))
    }

    @Test("the interval holds the mean and is as wide as the normal approximation says")
    func width() {
        // Half zeros and half ones: the standard error of 400 is 0.025, so 95 % are ± 0.049.
        let values = (0..<400).map { Double($0 % 2) }
        let interval = Bootstrap(seed: 3, count: 400).interval(of: values)
        #expect(interval.value == 0.5)
        #expect(abs(interval.low - 0.451) < 0.008 && abs(interval.high - 0.549) < 0.008)
    }

    @Test("equal values have no width, and no values are no error")
    func constant() {
        #expect(
            Bootstrap(seed: 1, count: 9).interval(of: Array(repeating: 0.25, count: 9))
                == Interval(value: 0.25, low: 0.25, high: 0.25))
        #expect(Bootstrap(seed: 1, count: 0).interval(of: []) == Interval(value: 0, low: 0, high: 0))
    }

    @Test("a small gain on every question is significant in pairs, though the values scatter widely")
    func paired() {
        let before = (0..<100).map { Double($0 % 10) / 10 }
        let now = before.map { $0 + 0.01 }
        let bootstrap = Bootstrap(seed: 5, count: 100)
        #expect(bootstrap.difference(now, before).isSignificant)
        #expect(bootstrap.interval(of: before).high > bootstrap.interval(of: now).low)
        #expect(!bootstrap.difference(before, before).isSignificant)
    }

    @Test("percentiles of durations are in milliseconds")
    func percentiles() {
        let times = Percentiles((1...100).map { .milliseconds($0) })
        #expect(times.p50 == 51 && times.p99 == 100)
    }
}
