/// Every setting of Hearth: its name, its kind, its default and what it does.
///
/// One table serves the reader, `hearth config`, the check for unknown keys and the documentation. A key `a.b_c` is
/// read from the command line's `--set a.b_c=…`, then from the environment's `HEARTH_A_B_C`, then from the file.
struct ConfigurationKey: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case text, integer, number, flag
        case choice([String])
    }

    let name: String
    let kind: Kind
    /// As text; empty means that there is none.
    let defaultValue: String
    let summary: String
    let isSecret: Bool

    private init(_ name: String, _ kind: Kind, _ defaultValue: String, _ summary: String, isSecret: Bool = false) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.summary = summary
        self.isSecret = isSecret
    }

    /// The environment variable that sets it.
    var variable: String {
        "HEARTH_" + name.uppercased().replacing(".", with: "_")
    }

    static let dataDirectory = Self(
        "data.directory", .text, "", "where Hearth keeps its data (default: $XDG_DATA_HOME/hearth)")
    static let assetsDirectory = Self(
        "assets.directory", .text, "", "where the model and the grammars are (default: <data.directory>/assets)")
    static let fsync = Self(
        "storage.fsync", .flag, "true", "wait for the disk at each commit: survives a power cut, not only a crash")
    static let storageKind = Self(
        "storage.kind", .choice(["sqlite", "postgres"]), "sqlite",
        "where questions, answers and conversations are: a file of this machine, or PostgreSQL for several")
    static let postgresURL = Self(
        "postgres.url", .text, "",
        "postgresql://user:password@host:5432/database?sslmode=verify-full, with TimescaleDB or without", isSecret: true
    )
    static let postgresSchema = Self("postgres.schema", .text, "hearth", "the schema of Hearth's tables")
    static let postgresConnections = Self(
        "postgres.maximum_connections", .integer, "8", "connections of one process")
    static let indexKind = Self(
        "index.kind", .choice(["local", "qdrant"]), "local",
        "where passages and vectors are: files of this machine, or Qdrant for several")
    static let qdrantURL = Self("qdrant.url", .text, "http://127.0.0.1:6333", "where Qdrant's REST API answers")
    static let qdrantKey = Self("qdrant.api_key", .text, "", "the key of Qdrant", isSecret: true)
    static let qdrantPrefix = Self(
        "qdrant.prefix", .text, "hearth", "what the names of Hearth's collections begin with")
    static let qdrantQuantization = Self(
        "qdrant.quantization", .choice(["none", "scalar", "binary"]), "scalar",
        "smaller copies of the vectors, searched first; the best are compared again by their whole vectors")
    static let qdrantReplicas = Self(
        "qdrant.replicas", .integer, "1",
        "on how many nodes each passage is; with more than one, reads ask the majority")
    static let qdrantTrustFile = Self(
        "qdrant.trusted_certificates_file", .text, "",
        "PEM file of the authorities to trust (default: those of the system)")
    static let busKind = Self(
        "bus.kind", .choice(["sqlite", "pulsar"]), "sqlite",
        "what carries tasks: a file of this machine, or an Apache Pulsar cluster for several")
    static let pulsarURL = Self(
        "pulsar.url", .text, "pulsar://127.0.0.1:6650", "where the brokers answer; pulsar+ssl:// encrypts")
    static let pulsarAdminURL = Self(
        "pulsar.admin_url", .text, "http://127.0.0.1:8080",
        "where Pulsar's admin API answers, for `hearth bootstrap` and `hearth doctor`")
    static let pulsarToken = Self("pulsar.token", .text, "", "a JSON Web Token for Pulsar", isSecret: true)
    static let pulsarTokenFile = Self(
        "pulsar.token_file", .text, "", "a file with the token, read again for each connection")
    static let pulsarTrustFile = Self(
        "pulsar.trusted_certificates_file", .text, "",
        "PEM file of the authorities to trust (default: those of the system)")
    static let pulsarTenant = Self("pulsar.tenant", .text, "public", "the tenant of Hearth's topics")
    static let pulsarNamespace = Self("pulsar.namespace", .text, "hearth", "the namespace of Hearth's topics")
    static let host = Self("server.host", .text, "127.0.0.1", "address to listen on")
    static let port = Self("server.port", .integer, "8080", "port to listen on; 0 takes a free one")
    static let probesPort = Self(
        "probes.port", .integer, "0",
        "port for /healthz, /readyz and /metrics of any long-running process, without a key; 0 opens none")
    static let maximumBodyBytes = Self(
        "server.maximum_body_bytes", .integer, "16777216", "larger requests are refused with 413")
    static let answerDeadline = Self(
        "server.answer_deadline_seconds", .number, "600", "a question that was not begun by then fails")
    static let queueLimit = Self(
        "server.queue_limit", .integer, "256", "questions that may wait; more are refused with 429")
    static let keyShare = Self(
        "server.key_share", .integer, "4",
        "open questions of one API key that go first; its further ones wait behind those of all keys")
    static let cancelOnDisconnect = Self(
        "server.cancel_on_disconnect", .flag, "true", "stop generating when the client goes away")
    static let generatorKind = Self(
        "generator.kind", .choice(["auto", "ollama", "openai", "extractive"]), "auto",
        "who writes the answers; auto takes Ollama if it answers, else quotes the code without a model")
    static let generatorModel = Self(
        "generator.model", .text, "", "the model that answers questions about projects (default: the first offered)")
    static let contextLength = Self(
        "generator.context_length", .integer, "8192", "tokens of prompt and answer together")
    static let ollamaURL = Self("ollama.url", .text, "http://127.0.0.1:11434", "where Ollama answers")
    static let openAIURL = Self(
        "openai.url", .text, "", "base URL of an OpenAI-compatible server, for example http://127.0.0.1:8000/v1")
    static let openAIKey = Self("openai.api_key", .text, "", "sent to openai.url as bearer token", isSecret: true)
    static let openAIPrefill = Self(
        "openai.continue_final_message", .flag, "false", "the server can continue a begun answer (vLLM can)")
    static let encoderKind = Self(
        "encoder.kind", .choice(["minilm", "ollama", "openai"]), "minilm",
        "what makes the vectors of new projects; a project keeps what it has")
    static let encoderModel = Self(
        "encoder.model", .text, "", "the model of encoder.kind, for example nomic-embed-text; minilm needs none")
    static let encoderURL = Self(
        "encoder.url", .text, "", "where encoder.kind answers (default: ollama.url or openai.url)")
    static let precision = Self(
        "encoder.precision", .choice(["auto", "fp32", "bf16", "int8"]), "auto",
        "of the embedded encoder; auto: bf16 if the CPU has it, else int8 if it has AVX2")
    static let workerSlots = Self("worker.slots", .integer, "2", "questions answered at the same time")
    static let maximumAttempts = Self(
        "worker.maximum_attempts", .integer, "5", "how often a task is tried before it becomes a dead letter")
    static let shutdownGrace = Self(
        "worker.shutdown_grace_seconds", .number, "30", "how long running answers may take after the wish to stop")
    static let ingestSlots = Self(
        "ingest.slots", .integer, "0", "documents ingested at the same time (0: one a core)")
    static let ingestInterval = Self(
        "ingest.interval_seconds", .number, "60", "how often sources are compared with their indexes")
    static let hotDays = Self(
        "heat.hot_days", .number, "7", "days after its last use until a conversation is compressed")
    static let warmDays = Self("heat.warm_days", .number, "30", "days until it is archived")
    static let retentionDays = Self("heat.retention_days", .number, "0", "days until it is deleted (0: never)")
    static let hotMegabytes = Self(
        "heat.hot_mb", .number, "0", "the most a project has uncompressed; the oldest go first (0: no limit)")
    static let warmMegabytes = Self("heat.warm_mb", .number, "0", "the most a project has compressed (0: no limit)")
    static let coldMegabytes = Self(
        "heat.cold_mb", .number, "0", "the most a project has archived; the oldest are deleted (0: no limit)")
    static let heatInterval = Self(
        "heat.interval_seconds", .number, "3600", "how often `hearth serve` lets history cool down")
    static let archiveLocation = Self(
        "archive.location", .text, "",
        "where archived history goes: a folder, or s3://bucket/folder (default: <data.directory>/archive)")
    static let s3Endpoint = Self(
        "s3.endpoint", .text, "", "where the object store answers, for example http://127.0.0.1:7480")
    static let s3Region = Self("s3.region", .text, "us-east-1", "its region; Ceph takes any")
    static let s3PathStyle = Self(
        "s3.path_style", .flag, "true", "the bucket's name goes into the path; false puts it before the host")
    static let s3AccessKey = Self(
        "s3.access_key_id", .text, "", "who asks (default: AWS_ACCESS_KEY_ID and its companions)")
    static let s3SecretKey = Self("s3.secret_access_key", .text, "", "signs requests", isSecret: true)
    static let s3CredentialsFile = Self(
        "s3.credentials_file", .text, "", "a file like ~/.aws/credentials, read again for each request")
    static let s3CredentialsFolder = Self(
        "s3.credentials_folder", .text, "", "a mounted Kubernetes secret, read again for each request")
    static let s3TrustFile = Self(
        "s3.trusted_certificates_file", .text, "", "PEM file of the authorities to trust (default: those of the system)"
    )
    static let s3HookSecret = Self(
        "hooks.s3_secret", .text, "", "what notifications to /v1/hooks/s3 must know; without it none are taken",
        isSecret: true)
    static let logLevel = Self(
        "log.level", .choice(["trace", "debug", "info", "notice", "warning", "error"]), "notice", "least severe line")

    static let all: [ConfigurationKey] = [
        dataDirectory, assetsDirectory, fsync, storageKind, postgresURL, postgresSchema, postgresConnections, indexKind,
        qdrantURL, qdrantKey, qdrantPrefix, qdrantQuantization, qdrantReplicas, qdrantTrustFile, busKind, pulsarURL,
        pulsarAdminURL, pulsarToken, pulsarTokenFile,
        pulsarTrustFile, pulsarTenant, pulsarNamespace, host, port, probesPort, maximumBodyBytes, answerDeadline,
        queueLimit,
        keyShare, cancelOnDisconnect, generatorKind, generatorModel, contextLength, ollamaURL, openAIURL, openAIKey,
        openAIPrefill, encoderKind, encoderModel, encoderURL, precision, workerSlots, maximumAttempts, shutdownGrace,
        ingestSlots, ingestInterval, hotDays, warmDays, retentionDays, hotMegabytes, warmMegabytes, coldMegabytes,
        heatInterval, archiveLocation, s3Endpoint, s3Region, s3PathStyle, s3AccessKey, s3SecretKey,
        s3CredentialsFile, s3CredentialsFolder, s3TrustFile, s3HookSecret, logLevel,
    ]
}
