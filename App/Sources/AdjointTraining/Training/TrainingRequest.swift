/// What somebody asks to be trained; what is nil is chosen to suit the data.
public struct TrainingRequest: Sendable {
    public var source = DataSource.digits
    public var model: ModelKind?
    public var optimizer: OptimizerKind?
    public var epochs: Int?
    public var batchSize: Int?
    public var learningRate: Double?
    public var seed = 0

    /// A request for the network that the command trains without arguments.
    public init() {}

    /// The configuration for learning from `examples`, which `source` gave.
    ///
    /// Throws a `RunError` when the model does not suit the data.
    func configuration(_ examples: ExampleSet) throws -> (RunConfiguration, TrainingData) {
        let isImage = examples.shape.count == 3 && min(examples.shape[1], examples.shape[2]) >= 4
        let model = self.model ?? (isImage ? .cnn : .mlp)
        var examples = examples
        if model == .cnn { examples.shape = try Self.imageShape(examples) }
        let data = TrainingData(examples, seed: seed)
        var labelName: String?
        if case .table(_, let label) = source { labelName = label }
        if case .digits = source { labelName = "label" }
        let optimizer = self.optimizer ?? .adamw
        let configuration = RunConfiguration(
            source: source, fingerprint: examples.fingerprint,
            inputs: ModelInputs(training: data.training, labelName: labelName), model: model,
            optimizer: optimizer, epochs: epochs ?? Self.epochs(exampleCount: examples.count),
            batchSize: batchSize ?? 64,
            learningRate: learningRate ?? Self.learningRate(optimizer, model), seed: seed)
        return (configuration, data)
    }

    /// About 25,000 examples seen, but each at least three and at most 100 times.
    private static func epochs(exampleCount: Int) -> Int {
        min(max(25_000 / exampleCount, 3), 100)
    }

    private static func learningRate(_ optimizer: OptimizerKind, _ model: ModelKind) -> Double {
        switch optimizer {
        case .sgd: model == .cnn ? 0.1 : 0.05
        case .adam, .adamw: model == .cnn ? 0.005 : 0.002
        }
    }

    /// The shape of the examples as images; a table's columns may be the pixels of a square.
    private static func imageShape(_ examples: ExampleSet) throws -> [Int] {
        var shape = examples.shape
        if shape.count == 1 {
            let side = Int(Double(shape[0]).squareRoot().rounded())
            guard side * side == shape[0] else {
                throw RunError(
                    "a cnn takes images, and \(shape[0]) columns are no square of pixels",
                    advice: "train with --model mlp")
            }
            shape = [1, side, side]
        }
        guard shape.count == 3, min(shape[1], shape[2]) >= 4 else {
            throw RunError(
                "a cnn takes images of at least 4 x 4 pixels, and the data have \(shape)",
                advice: "train with --model mlp")
        }
        return shape
    }
}

/// Labelled examples, divided into those to learn from and those held out.
public struct TrainingData: Sendable {
    public let training: ExampleSet
    public let heldOut: ExampleSet

    /// Divides `examples` as `HeldOutSplit` does with `seed`.
    init(_ examples: ExampleSet, seed: Int) {
        let split = HeldOutSplit(count: examples.count, seed: seed)
        training = examples.selecting(split.training)
        heldOut = examples.selecting(split.heldOut)
    }
}
