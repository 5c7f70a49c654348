public import AdjointCore
import Synchronization

/// The quasi-Newton method that remembers the last steps (Nocedal, 1980; Nocedal and Wright,
/// Numerical Optimization, algorithm 7.4). One `step` makes up to `maxIter` iterations, and calls
/// its closure for the loss and the gradients as often as it needs them.
public final class LBFGS: GroupedOptimizer {
    /// How far an iteration goes along its direction.
    public enum LineSearch: String, Sendable, CaseIterable {
        /// By the learning rate.
        case none
        /// Until the strong Wolfe conditions hold: less loss, and less slope.
        case strongWolfe = "strong_wolfe"
    }

    public struct Options: OptimizerOptions {
        public var learningRate: Double
        /// Iterations of a step.
        public var maxIter: Int
        /// Calls of the closure after which a step ends; nil for five to four iterations.
        public var maxEval: Int?
        /// A step ends where no element of the gradient is larger.
        public var toleranceGrad: Double
        /// A step ends where neither loss nor parameters change by more.
        public var toleranceChange: Double
        /// How many steps are remembered.
        public var historySize: Int
        /// How far an iteration goes along its direction.
        public var lineSearch: LineSearch

        public init() { self.init(learningRate: 1) }

        /// Options, of which each has the value that PyTorch's has unless it is given.
        public init(
            learningRate: Double = 1, maxIter: Int = 20, maxEval: Int? = nil,
            toleranceGrad: Double = 1e-7, toleranceChange: Double = 1e-9, historySize: Int = 100,
            lineSearch: LineSearch = .none
        ) {
            self.learningRate = learningRate
            self.maxIter = maxIter
            self.maxEval = maxEval
            self.toleranceGrad = toleranceGrad
            self.toleranceChange = toleranceChange
            self.historySize = historySize
            self.lineSearch = lineSearch
        }
    }

    public let core: OptimizerCore<Options>

    /// - Errors: `.argument` as in `OptimizerCore.init`; for a negative learning rate, and for
    ///   counts below 1.
    public init(_ parameters: [Tensor], _ options: Options) {
        core = OptimizerCore([ParameterGroup(parameters, options)], named: "LBFGS")
    }

    /// Optimises all parameters as one vector, with options that have PyTorch's values unless
    /// given.
    ///
    /// - Errors: `.argument` for parameters that are no leaves or occur twice, for a negative rate,
    ///   and for counts below 1.
    public convenience init(
        _ parameters: [Tensor], learningRate: Double = 1, maxIter: Int = 20, maxEval: Int? = nil,
        toleranceGrad: Double = 1e-7, toleranceChange: Double = 1e-9, historySize: Int = 100,
        lineSearch: LineSearch = .none
    ) {
        self.init(
            parameters,
            Options(
                learningRate: learningRate, maxIter: maxIter, maxEval: maxEval,
                toleranceGrad: toleranceGrad, toleranceChange: toleranceChange,
                historySize: historySize, lineSearch: lineSearch))
    }

    /// - Errors: `.argument`: all parameters are one vector here.
    public func addGroup(_ group: ParameterGroup<Options>) {
        Failure.raise(
            TensorError(
                .argument, "LBFGS doesn't support per-parameter options (parameter groups)",
                operation: "LBFGS"))
    }

    /// - Errors: `.argument`: an iteration needs losses at several places.
    public func step() {
        Failure.raise(
            TensorError(
                .argument,
                "LBFGS needs a closure that computes the loss and its gradients: "
                    + "optimizer.step { optimizer.zeroGrad(); ...; loss.backward(); return loss }",
                operation: "LBFGS"))
    }

    @discardableResult
    public func step(_ closure: () -> Tensor) -> Tensor {
        let (group, memory) = core.state.withLock { state in
            state.stepCount += 1
            return (state.groups[0], state.memory.first ?? ParameterState())
        }
        let before = group.parameters.map(\.observedVersion)
        let (loss, saved) = withoutActuallyEscaping(closure) { closure in
            let objective = FlatObjective(group.parameters, closure)
            var iteration = LBFGSIteration(group.options, memory, objective)
            return (iteration.run(), iteration.saved)
        }
        if !Failure.isActive {
            core.state.withLock { state in
                if !state.memory.isEmpty { state.memory[0] = saved }
            }
            if let observer = currentObserver {
                for (parameter, version) in zip(group.parameters, before) {
                    observer.didStep(
                        parameter, by: core.name, step: stepCount ?? 0, versionBefore: version)
                }
            }
        }
        return loss
    }
}

extension LBFGS.Options {
    public static var memories: (tensors: [String], numbers: [String]) {
        (
            ["d", "prev_flat_grad", "old_dirs", "old_stps"],
            ["t", "H_diag", "prev_loss", "n_iter", "func_evals"]
        )
    }

    // Vectors over all parameters, and matrices of those.
    public static func shape(of memory: String, for parameter: [Int]) -> [Int]? { nil }

    public mutating func visit(_ fields: inout OptionFields) {
        fields("lr", &learningRate)
        fields("max_iter", &maxIter)
        fields("max_eval", &maxEval)
        fields("tolerance_grad", &toleranceGrad)
        fields("tolerance_change", &toleranceChange)
        fields("history_size", &historySize)
        fields("line_search_fn", &lineSearch)
    }

    public var problem: String? {
        if maxIter < 1 || historySize < 1 || (maxEval ?? 1) < 1 {
            return "maxIter, maxEval and historySize must be at least 1, but are \(maxIter), "
                + "\(maxEval.map { "\($0)" } ?? "nil") and \(historySize)"
        }
        return Self.negative(
            ("learningRate", learningRate), ("toleranceGrad", toleranceGrad),
            ("toleranceChange", toleranceChange))
    }
}
