public import AdjointCore

/// Moves parameters along their gradients.
///
/// An optimiser may be handed from task to task, and may step inside a hook of the backward pass:
/// groups and memories lie behind a lock. Two steps at the same time follow one another, in no
/// order that is promised.
public protocol Optimizer: AnyObject, Sendable {
    /// One step with the gradients that there are; parameters whose `grad` is nil stay as they
    /// are, state included.
    func step()
    /// Computes the loss with `closure`, which takes gradients back, and steps. Records also
    /// inside `noGrad`. Returns the loss that the closure gave first.
    @discardableResult func step(_ closure: () -> Tensor) -> Tensor
    /// Drops the gradients, or zeroes those that there are.
    func zeroGrad(setToNil: Bool)
    /// How many steps were taken since the optimiser was made; nil for one that does not count.
    var stepCount: Int? { get }
    /// The learning rate of the first group. Setting it sets that of every group.
    var learningRate: Double { get set }
    /// The learning rate of each group.
    var learningRates: [Double] { get set }
    /// The learning rates that the first schedule found, which all its schedules start from; nil
    /// before there was one.
    var initialLearningRates: [Double]? { get set }
    /// What each group keeps of its last direction: the momentum, or Adam's first beta. Empty for
    /// an optimiser without one.
    var momenta: [Double] { get set }
    /// Options and memories by name, for a resumed run that goes on bit for bit.
    func stateDict() -> StateDict
    /// Takes over what `stateDict()` gave.
    ///
    /// - Throws: an error that names the entry that does not fit; nothing has changed then.
    func loadStateDict(_ state: StateDict) throws
}

extension Optimizer {
    /// Drops the gradients.
    public func zeroGrad() { zeroGrad(setToNil: true) }

    @discardableResult
    public func step(_ closure: () -> Tensor) -> Tensor {
        let loss = enableGrad(closure)
        step()
        return loss
    }

    public var learningRate: Double {
        get { learningRates.first ?? 0 }
        set { learningRates = learningRates.map { _ in newValue } }
    }

    public var stepCount: Int? { nil }

    public var initialLearningRates: [Double]? {
        get { nil }
        set {}
    }

    public var momenta: [Double] {
        get { [] }
        set {}
    }
}
