/// What the studio answers to a learner.
public struct ExerciseVerdict: Sendable, Encodable {
    /// Whether everything that was answered is right, and nothing is missing.
    public var isRight: Bool { findings.allSatisfy(\.isRight) && errors.isEmpty }
    /// In the order of the form.
    public var findings: [Finding] = []
    /// Formulas that cannot be read.
    public var errors: [FormulaError] = []
    /// What a loop did, step by step.
    public var steps: [LoopStep] = []

    /// One thing that was looked at.
    public struct Finding: Sendable, Encodable {
        /// The field of the form that it is about.
        public let field: String
        /// Whether it is right.
        public let isRight: Bool
        /// What to say about it.
        public let text: String
        /// The points at which a formula was tried, the worst first.
        public var points: [Point] = []

        private enum CodingKeys: String, CodingKey {
            case field
            case isRight = "right"
            case text
            case points
        }
    }

    /// A formula of the learner beside the library at one point.
    public struct Point: Sendable, Encodable {
        /// The values of the variables.
        public let at: [String: Double]
        /// The learner's value.
        public let answer: Double
        /// The library's value.
        public let right: Double
        /// What a small nudge says.
        public let nudged: Double
        /// |answer - right|.
        public let difference: Double
    }

    /// A place in a formula.
    public struct FormulaError: Sendable, Encodable {
        /// The field of the form that holds the formula.
        public let field: String
        /// From 1, in characters.
        public let column: Int
        /// What cannot be read there.
        public let message: String
    }

    /// A round of a training loop.
    public struct LoopStep: Sendable, Encodable {
        /// The round, from 0.
        public let step: Int
        /// The mean squared error before the round.
        public let loss: Double
        /// The length of the gradient that the optimiser used; nil where it found none.
        public let gradient: Double?
        /// The length of the gradient of this round alone.
        public let fresh: Double
    }

    private enum Key: String, CodingKey {
        case isRight = "right"
        case findings
        case errors
        case steps
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(isRight, forKey: .isRight)
        try container.encode(findings, forKey: .findings)
        try container.encode(errors, forKey: .errors)
        try container.encode(steps, forKey: .steps)
    }

    mutating func note(
        _ field: String, _ isRight: Bool, _ text: String, points: [Point] = []
    ) {
        findings.append(Finding(field: field, isRight: isRight, text: text, points: points))
    }

    init() {}
}
