/// What the accumulation lab is to do: two loops over the same data, alike but for one line.
struct AccumulationSettings: Codable, Sendable {
    /// How the loss of a batch becomes one number.
    enum Reduction: String, Codable, Sendable, CaseIterable {
        /// The mean over the batch.
        case mean
        /// The sum over the batch.
        case sum
        /// The sum over the batch, divided by the number of all examples of the step: what is right
        /// where batches differ in size.
        case total
    }

    /// What emptying a gradient leaves.
    enum Zeroing: String, Codable, Sendable, CaseIterable { case none, zero }

    var steps = 5
    var seed = 7
    var learningRate = 0.1
    /// Small batches to a step of the optimiser.
    var batches = 4
    /// Examples in a small batch.
    var batchSize = 4
    var reduction = Reduction.mean
    /// True to divide each loss by the number of batches.
    var divides = true
    /// True where the last batch of a step has half as many examples.
    var isUneven = false
    var zeroing = Zeroing.none
    var momentum = 0.0
    var weightDecay = 0.0

    init() {}

    private enum CodingKeys: String, CodingKey {
        case steps, seed, learningRate, batches, batchSize, reduction, divides, isUneven, zeroing
        case momentum, weightDecay
    }

    /// What is not given is as usual.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func value<T: Decodable>(_ key: CodingKeys, _ usual: T) throws -> T {
            try fields.decodeIfPresent(T.self, forKey: key) ?? usual
        }
        steps = try value(.steps, steps)
        seed = try value(.seed, seed)
        learningRate = try value(.learningRate, learningRate)
        batches = try value(.batches, batches)
        batchSize = try value(.batchSize, batchSize)
        reduction = try value(.reduction, reduction)
        divides = try value(.divides, divides)
        isUneven = try value(.isUneven, isUneven)
        zeroing = try value(.zeroing, zeroing)
        momentum = try value(.momentum, momentum)
        weightDecay = try value(.weightDecay, weightDecay)
    }

    /// - Throws: A `StudioError` with status 422 that says what would be taken.
    func check() throws {
        func demand(_ isGood: Bool, _ words: String) throws {
            if !isGood { throw StudioError(422, "settings", words) }
        }
        try demand(
            (1...200).contains(steps), "steps is \(steps); give a whole number from 1 to 200")
        try demand(
            (1...16).contains(batches), "batches is \(batches); give a whole number from 1 to 16")
        try demand(
            (1...64).contains(batchSize),
            "batchSize is \(batchSize); give a whole number from 1 to 64")
        try demand(
            learningRate > 0 && learningRate <= 10,
            "learningRate is \(learningRate); give a number above 0, at most 10")
        try demand(
            (0..<1).contains(momentum), "momentum is \(momentum); give a number from 0 to below 1")
        try demand(
            (0...1).contains(weightDecay),
            "weightDecay is \(weightDecay); give a number from 0 to 1")
        try demand((0...1 << 31).contains(seed), "seed is \(seed); give a whole number from 0")
        try demand(
            !isUneven || batchSize > 1,
            "batchSize is 1 and the last batch is to be smaller; give at least 2")
    }

    /// The sizes of a step's batches.
    var sizes: [Int] {
        (0..<batches).map { isUneven && $0 == batches - 1 ? batchSize / 2 : batchSize }
    }
}
