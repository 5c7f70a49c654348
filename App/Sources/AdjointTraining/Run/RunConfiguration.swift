import Foundation

/// The networks that the command can train.
public enum ModelKind: String, Codable, Sendable, CaseIterable {
    /// Layers of linear maps; takes tables and images.
    case mlp
    /// A convolutional network; takes images.
    case cnn
}

/// The optimisers that the command can train with.
public enum OptimizerKind: String, Codable, Sendable, CaseIterable {
    case sgd, adam, adamw
}

/// All that decides how a run goes: the same configuration on the same data gives the same bits.
/// Written to `config.json`, and what a saved model is rebuilt from.
public struct RunConfiguration: Codable, Sendable, Equatable {
    /// The version of this format.
    public var format = 1
    /// Where the examples came from.
    public var source: DataSource
    /// Which examples they were, by their values; a resumed run checks it.
    public var fingerprint: String
    /// What the model takes and gives.
    public var inputs: ModelInputs
    public var model: ModelKind
    public var optimizer: OptimizerKind
    public var epochs: Int
    public var batchSize: Int
    /// The highest learning rate of the schedule.
    public var learningRate: Double
    /// What the split, the initial weights, the order of the examples and all else is drawn from.
    public var seed: Int

    /// A configuration for training on `source`, whose values `fingerprint` tells.
    public init(
        source: DataSource, fingerprint: String, inputs: ModelInputs, model: ModelKind,
        optimizer: OptimizerKind, epochs: Int, batchSize: Int, learningRate: Double, seed: Int
    ) {
        self.source = source
        self.fingerprint = fingerprint
        self.inputs = inputs
        self.model = model
        self.optimizer = optimizer
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.seed = seed
    }

    /// The run's name where none is given: `digits-cnn-seed0`.
    public var defaultName: String { "\(source.shortName)-\(model)-seed\(seed)" }
}

extension ExampleSet {
    /// A number made of all values and labels (FNV-1a over 32-bit words), to tell data apart.
    public var fingerprint: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ word: UInt64) { hash = (hash ^ word) &* 0x0000_0100_0000_01B3 }
        for value in features { mix(UInt64(value.bitPattern)) }
        for label in labels { mix(UInt64(label)) }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
