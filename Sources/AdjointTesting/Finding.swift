public import AdjointCore

/// What one sweep found wrong with one call of an operation.
public struct Finding: Error, Sendable, CustomStringConvertible {
    /// The check that found it.
    public let sweep: Sweep
    /// The operation's public name.
    public let operation: String
    /// The call, as text: the operation with its parameters, and the shapes of its inputs.
    public let call: String
    /// What differs from what.
    public let message: String

    init(_ sweep: Sweep, _ sample: Sample, _ message: String) {
        self.sweep = sweep
        operation = type(of: sample.op).info.name
        let shapes = sample.inputs.map { "\($0.sizes)" }.joined(separator: ", ")
        call = "\(sample.op) on \(shapes)"
        self.message = message
    }

    /// The operation, the sweep, the call, and what is wrong.
    public var description: String { "\(operation), \(sweep): \(message) [\(call)]" }
}

/// The checks that every operation must pass on each of its samples. They return what they find,
/// so that a check can itself be tested with an operation that is known to be wrong.
public enum Sweep: String, CaseIterable, Sendable {
    /// Gradients against finite differences.
    case finiteDifferences
    /// <J v, w> = <v, Jᵀ w> between forward and reverse mode.
    case adjointLaw
    /// Gradients of gradients against finite differences, by every mix of the two modes.
    case secondOrder
    /// Inputs and cotangents that lie in memory otherwise: transposed, sliced, offset, expanded.
    case layouts
    /// Every subset of the inputs requiring gradients, and one tensor in two places.
    case subsets
    /// What `saves(for:)` does not declare may change after the forward pass; what it declares is
    /// guarded against writes.
    case saves
    /// Shapes and dtypes on the device without data.
    case meta
    /// Every dtype that the operation says it takes, and no other.
    case dtypes
    /// The operation written over its first input.
    case inPlace
    /// The vectorised loops against the operation's plain definition.
    case kernels
    /// The operation under `vmap` against a loop over the samples.
    case vmap
    /// What happens after a failure: nothing.
    case poison
    /// Wrong ranks, sizes, dtypes and devices: typed errors.
    case mistakes

    /// What this sweep finds on one sample; nothing if all is well.
    public func findings(_ sample: Sample) -> [Finding] {
        let trial = Trial(sample, self)
        do {
            return try catchingTensorErrors {
                switch self {
                case .finiteDifferences: trial.finiteDifferences()
                case .adjointLaw: trial.adjointLaw()
                case .secondOrder: trial.secondOrder()
                case .layouts: trial.layouts()
                case .subsets: trial.subsets()
                case .saves: trial.saves()
                case .meta: trial.meta()
                case .dtypes: trial.dtypes()
                case .inPlace: trial.inPlace()
                case .kernels: trial.kernels()
                case .vmap: trial.batches()
                case .poison: trial.poison()
                case .mistakes: trial.mistakes()
                }
            }
        } catch {
            return [Finding(self, sample, "raised an error: \(error)")]
        }
    }

    /// What this sweep finds on all samples of an operation.
    public func findings(_ operation: any AnyOperator.Type) -> [Finding] {
        operation.samples.flatMap { findings($0) }
    }
}

/// <J v, w> = <v, Jᵀ w>: the tangent of the operation along a random direction, weighed with a
/// random cotangent, against the gradient of that cotangent along the direction. Both sides
/// agree to round-off, or there is a finding.
public func checkAdjointLaw(_ sample: Sample) -> [Finding] {
    Sweep.adjointLaw.findings(sample)
}

/// Everything that all sweeps find on all samples of an operation.
public func checkOperator(_ operation: any AnyOperator.Type) -> [Finding] {
    Sweep.allCases.flatMap { $0.findings(operation) }
}
