// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target of ours; `make check` proves that each target uses them.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
/// Number-crunching targets are optimised in debug builds too: the test suite encodes and scans for real.
let optimised: [SwiftSetting] = strict + [.unsafeFlags(["-O"])]

let package = Package(
    name: "hearth",
    products: [
        .executable(name: "hearth", targets: ["HearthCommand"]),
        .executable(name: "hearth-pulsar-conformance", targets: ["PulsarConformance"]),
        .library(name: "Backends", targets: ["Backends"]),
        .library(name: "Hearth", targets: ["Hearth"]),
        .library(name: "LocalIndex", targets: ["LocalIndex"]),
        .library(name: "MiniLM", targets: ["MiniLM"]),
        .library(name: "Ollama", targets: ["Ollama"]),
        .library(name: "Postgres", targets: ["Postgres"]),
        .library(name: "Pulsar", targets: ["Pulsar"]),
        .library(name: "Qdrant", targets: ["Qdrant"]),
        .library(name: "S3", targets: ["S3"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/apple/swift-service-context", exact: "1.5.1"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // The vocabulary, the ports and the pipelines.
        .target(
            name: "Hearth",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),

        // Drivers: none knows Hearth.
        .target(
            name: "COneDNN",
            cxxSettings: [.unsafeFlags(["-O3", "-mprefer-vector-width=512"], .when(platforms: [.linux]))],
            linkerSettings: [.linkedLibrary("dnnl")]
        ),
        .target(name: "MiniLM", dependencies: ["COneDNN"], swiftSettings: optimised),
        .target(name: "CTreeSitter", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "SyntaxTree", dependencies: ["CTreeSitter"], swiftSettings: optimised),
        .target(name: "CVectorScan", cSettings: [.unsafeFlags(["-O3"])]),
        .target(
            name: "LocalIndex",
            dependencies: [
                "CVectorScan",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: optimised
        ),
        .target(
            name: "Ollama",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .target(name: "OpenAI", swiftSettings: strict),
        .systemLibrary(name: "CZstd"),
        .target(name: "Zstandard", dependencies: ["CZstd"], swiftSettings: strict),
        .target(name: "CPostgres", linkerSettings: [.linkedLibrary("pq")]),
        .target(name: "Postgres", dependencies: ["CPostgres"], swiftSettings: strict),
        .target(
            name: "CPulsarCodecs",
            cSettings: [.unsafeFlags(["-O3"])],
            linkerSettings: [.linkedLibrary("lz4"), .linkedLibrary("z"), .linkedLibrary("zstd")]
        ),
        .target(
            name: "Pulsar",
            dependencies: [
                "CPulsarCodecs",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceContextModule", package: "swift-service-context"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Wire/PulsarWire.proto"],
            swiftSettings: strict
        ),
        .target(
            name: "PulsarAdmin",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Qdrant",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "S3",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: optimised
        ),
        // zlib, for archives.
        .target(name: "CArchiveCodec", linkerSettings: [.linkedLibrary("z")]),
        // The client's behaviours against any broker; a product, to be carried to any cluster.
        .executableTarget(
            name: "PulsarConformance",
            dependencies: [
                "Pulsar", "PulsarAdmin",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),

        // Where ports meet drivers.
        .target(
            name: "Backends",
            dependencies: [
                "CArchiveCodec", "Hearth", "LocalIndex", "MiniLM", "Ollama", "OpenAI", "Postgres", "Pulsar",
                "PulsarAdmin", "Qdrant", "S3", "SyntaxTree", "Zstandard",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),

        // Roles.
        .target(
            name: "Gateway",
            dependencies: [
                "Hearth", "OpenAI",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Worker",
            dependencies: [
                "Hearth",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Ingest",
            dependencies: [
                "Hearth",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "HeatKeeper",
            dependencies: [
                "Hearth",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        // Measures retrieval: a bootstrap of every row is number-crunching.
        .target(
            name: "Evaluation",
            dependencies: ["Hearth", .product(name: "Logging", package: "swift-log")],
            exclude: ["README.md"],
            swiftSettings: optimised
        ),
        // Heat 0: asks a running Hearth through its public API and judges the answers.
        .target(
            name: "Verify",
            dependencies: [
                "Hearth", "OpenAI",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            exclude: ["README.md"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "HearthCommand",
            dependencies: [
                "Backends", "Evaluation", "Gateway", "Hearth", "HeatKeeper", "Ingest", "MiniLM", "Ollama", "Postgres",
                "Pulsar",
                "PulsarAdmin", "Qdrant", "S3", "SyntaxTree", "Verify", "Worker",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Sources/CLI",
            swiftSettings: strict
        ),

        // Tests.
        .target(
            name: "HearthTesting", dependencies: ["Hearth", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict
        ),
        .target(
            name: "ScriptedModels",
            dependencies: [
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Tests/ScriptedModels",
            swiftSettings: strict
        ),
        .target(
            name: "HTTPPeer",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/HTTPPeer",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "ScriptedModelServer",
            dependencies: ["ScriptedModels"],
            path: "Tests/ScriptedModelServer",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "StoreCrasher",
            dependencies: ["Backends", "Hearth", .product(name: "Logging", package: "swift-log")],
            path: "Tests/StoreCrasher",
            swiftSettings: strict
        ),
        .testTarget(
            name: "BackendsTests",
            dependencies: [
                "Backends", "HTTPPeer", "Hearth", "HearthTesting", "MiniLM", "Ollama", "OpenAI", "Postgres", "Pulsar",
                "Qdrant", "S3", "ScriptedModels", "ScriptedS3", "StoreCrasher", "SyntaxTree",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            exclude: ["S3/archives.py"],
            swiftSettings: strict
        ),
        // An S3 server that does what a test says, for what a real one cannot be made to do.
        .target(
            name: "ScriptedS3",
            dependencies: [
                "S3",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/ScriptedS3",
            swiftSettings: optimised
        ),
        .testTarget(
            name: "S3Tests",
            dependencies: [
                "S3", "ScriptedS3",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            exclude: ["botocore_signatures.py"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OllamaTests",
            dependencies: [
                "Hearth", "HearthTesting", "Ollama", "ScriptedModels",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Gateway", "Hearth", "HearthTesting", "OpenAI",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "LocalIndexCrasher", dependencies: ["LocalIndex"], path: "Tests/LocalIndexCrasher",
            swiftSettings: strict
        ),
        .testTarget(
            name: "LocalIndexTests",
            dependencies: [
                "CVectorScan", "Hearth", "LocalIndex", "LocalIndexCrasher",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        // This client's side of the tests with the official one.
        .executableTarget(
            name: "PulsarPeer", dependencies: ["Pulsar", .product(name: "NIOCore", package: "swift-nio")],
            path: "Tests/PulsarPeer", swiftSettings: strict
        ),
        .testTarget(
            name: "PulsarTests",
            dependencies: [
                "CPulsarCodecs", "Pulsar",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PostgresTests", dependencies: ["Hearth", "HearthTesting", "Postgres"], swiftSettings: strict),
        .testTarget(name: "OpenAITests", dependencies: ["Hearth", "OpenAI"], swiftSettings: strict),
        .testTarget(
            name: "QdrantTests",
            dependencies: [
                "HTTPPeer", "Qdrant", .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "SyntaxTreeTests", dependencies: ["SyntaxTree"], swiftSettings: strict),
        .testTarget(name: "MiniLMTests", dependencies: ["MiniLM"], swiftSettings: strict),
        .testTarget(
            name: "EvaluationTests",
            dependencies: [
                "Backends", "Evaluation", "Hearth", "HearthTesting", "SyntaxTree",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "VerifyTests", dependencies: ["Hearth", "OpenAI", "Verify"], swiftSettings: strict),
        .testTarget(name: "ZstandardTests", dependencies: ["Zstandard"], swiftSettings: strict),
        .testTarget(
            name: "HearthTests",
            dependencies: ["Hearth", "HearthTesting", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict
        ),
    ],
    cxxLanguageStandard: .cxx17
)
