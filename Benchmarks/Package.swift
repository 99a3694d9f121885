// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "hearth", path: ".."),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        .executableTarget(
            name: "BusBenchmark",
            dependencies: [
                .product(name: "Backends", package: "hearth"), .product(name: "Hearth", package: "hearth"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "PulsarBusBenchmark",
            dependencies: [
                .product(name: "Backends", package: "hearth"), .product(name: "Hearth", package: "hearth"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Pulsar", package: "hearth"),
            ]
        ),
        .executableTarget(
            name: "PulsarClientBenchmark", dependencies: [.product(name: "Pulsar", package: "hearth")]
        ),
        .executableTarget(
            name: "StoreBenchmark",
            dependencies: [
                .product(name: "Backends", package: "hearth"), .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Hearth", package: "hearth"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Postgres", package: "hearth"),
            ]
        ),
        .executableTarget(name: "EncoderBenchmark", dependencies: [.product(name: "MiniLM", package: "hearth")]),
        .executableTarget(
            name: "SearchBenchmark",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "LocalIndex", package: "hearth"),
            ]
        ),
        .executableTarget(
            name: "VectorBenchmark",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "LocalIndex", package: "hearth"),
                .product(name: "MiniLM", package: "hearth"),
            ]
        ),
    ]
)
