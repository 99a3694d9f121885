// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "hearth", path: "..")],
    targets: [
        .executableTarget(name: "EncoderBenchmark", dependencies: [.product(name: "MiniLM", package: "hearth")]),
        .executableTarget(name: "SearchBenchmark", dependencies: [.product(name: "LocalIndex", package: "hearth")]),
    ]
)
