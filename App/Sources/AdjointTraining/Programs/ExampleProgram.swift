import AdjointExamples

/// The programs of `AdjointExamples` that have a name of their own in `adjoint train NAME`.
public enum ExampleProgram: String, Codable, Sendable, CaseIterable {
    /// A transformer that learns names letter by letter, and invents some.
    case names
    /// A network that learns the solution of Burgers' equation from the equation.
    case burgers

    /// What is measured while it trains, in words, in JSON and in tables.
    var measure: (text: String, member: String, column: String) {
        switch self {
        case .names: ("held-out loss", "heldOutLoss", "held_out_loss")
        case .burgers: ("error", "error", "relative_l2_error")
        }
    }

    /// A measured value as people read it.
    func text(_ measured: Double) -> String {
        switch self {
        case .names: NumberText.loss(measured)
        case .burgers: NumberText.fixed(measured * 100, measured < 0.1 ? 2 : 1) + "%"
        }
    }
}

/// How a program goes: written to `config.json`.
public struct ProgramConfiguration: Codable, Sendable, Equatable {
    /// The version of this format.
    public var format = 1
    public var program: ExampleProgram
    public var steps: Int
    /// The highest learning rate.
    public var learningRate: Double
    /// Names in a step, or points at which a step looks at the equation.
    public var batchSize: Int
    /// What all that is random is drawn from.
    public var seed: Int

    /// A configuration of `program`; what is nil is as the program has it.
    public init(
        _ program: ExampleProgram, steps: Int? = nil, epochs: Int? = nil,
        learningRate: Double? = nil, batchSize: Int? = nil, seed: Int = 0
    ) {
        self.program = program
        self.seed = seed
        switch program {
        case .names:
            var training = NamesTraining()
            training.batchSize = batchSize ?? training.batchSize
            self.batchSize = training.batchSize
            self.steps = steps ?? epochs.map { $0 * training.stepsPerEpoch } ?? training.steps
            self.learningRate = learningRate ?? training.learningRate
        case .burgers:
            let training = BurgersTraining()
            self.batchSize = batchSize ?? training.points
            self.steps = steps ?? training.steps
            self.learningRate = learningRate ?? training.learningRate
        }
    }

    /// The run's name where none is given: `names-seed0`.
    public var defaultName: String { "\(program.rawValue)-seed\(seed)" }

    /// What is about to be done.
    public var introduction: String {
        switch program {
        case .names:
            let heldOut = NamesTraining.heldOutCount
            return "Training a transformer on \(NameList.all.count - heldOut) names, \(heldOut) "
                + "held out, \(steps) steps, seed \(seed)"
        case .burgers:
            return "Training a network on Burgers' equation at \(batchSize) points, \(steps) "
                + "steps, seed \(seed)"
        }
    }
}
