public import AdjointCore
import Synchronization

/// An optimiser whose work is done by an `OptimizerCore`.
public protocol GroupedOptimizer: Optimizer {
    /// What a group can choose for itself: its rate, its decay.
    associatedtype Options: OptimizerOptions
    /// Groups, memories and steps.
    var core: OptimizerCore<Options> { get }
}

extension GroupedOptimizer {
    /// The parameters in groups; options may be changed between steps.
    public var groups: [ParameterGroup<Options>] {
        get { core.groups }
        set { core.groups = newValue }
    }

    /// Optimises further parameters from now on.
    ///
    /// - Errors: as when the optimiser is made.
    public func addGroup(_ group: ParameterGroup<Options>) { core.add(group) }

    public var stepCount: Int? { core.state.withLock { $0.stepCount } }

    public var learningRates: [Double] {
        get { groups.map(\.options.learningRate) }
        set { core.setOptions(newValue) { $0.learningRate = $1 } }
    }

    public var initialLearningRates: [Double]? {
        get { core.state.withLock { $0.initialRates } }
        set {
            if !Failure.isActive { core.state.withLock { $0.initialRates = newValue } }
        }
    }

    public var momenta: [Double] {
        get { groups.compactMap(\.options.cycledMomentum) }
        set { core.setOptions(newValue) { $0.cycledMomentum = $1 } }
    }

    public func zeroGrad(setToNil: Bool) { groups.zeroGrad(setToNil: setToNil) }

    /// Options and memories by name, all that a resumed run needs to go on bit for bit. Memories
    /// share memory with the optimiser.
    public func stateDict() -> StateDict { core.stateDict() }

    /// Takes over what `stateDict()` of an optimiser of the same parameters gave.
    ///
    /// - Throws: `OptimizerStateError` where it does not fit; nothing is changed then.
    public func loadStateDict(_ state: StateDict) throws { try core.load(state) }
}

extension GroupedOptimizer where Options: UpdateRule {
    public func step() { core.step() }
}
