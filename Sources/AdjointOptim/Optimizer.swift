public import AdjointCore

/// Moves parameters along their gradients.
public protocol Optimizer: AnyObject {
    /// One step with the gradients that there are; parameters whose `grad` is nil stay as they
    /// are, state included.
    func step()
    /// Drops the gradients, or zeroes those that there are.
    func zeroGrad(setToNil: Bool)
    /// The learning rate of the first group. Setting it sets that of every group.
    var learningRate: Double { get set }
    /// The learning rate of each group.
    var learningRates: [Double] { get set }
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

    /// Computes the loss with `closure`, which takes gradients back, and steps. Records also
    /// inside `noGrad`. Returns the loss.
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

    public var momenta: [Double] {
        get { [] }
        set {}
    }
}

/// Parameters that are optimised alike, and how.
public struct ParameterGroup<Options: Sendable>: Sendable {
    public let parameters: [Tensor]
    public var options: Options

    public init(_ parameters: [Tensor], _ options: Options) {
        self.parameters = parameters
        self.options = options
    }
}

/// The options of an optimiser, as numbers that can be saved.
public protocol OptimizerOptions: Sendable {
    var learningRate: Double { get set }
    /// Each option by PyTorch's name. A truth value is 0 or 1.
    var numbers: [(name: String, value: Double)] { get }
    /// Takes over an option of `numbers`.
    mutating func set(_ name: String, _ value: Double)
}

/// Checks what an optimiser is given: at least one parameter, leaves only, each once.
func checked<Options>(_ groups: [ParameterGroup<Options>], _ name: String)
    -> [ParameterGroup<Options>]
{
    func refuse(_ message: String) {
        Failure.raise(TensorError(.argument, message, operation: name))
    }
    if groups.allSatisfy({ $0.parameters.isEmpty }) {
        refuse(
            "optimizer got an empty parameter list; pass model.parameters() of a model whose "
                + "layers are stored properties")
    }
    var seen: Set<ObjectIdentifier> = []
    for parameter in groups.flatMap(\.parameters) {
        if !parameter.isLeaf {
            refuse(
                "can't optimize a non-leaf Tensor: a tensor of shape \(parameter.shape) was made "
                    + "by \(parameter.gradFn?.name ?? "an operation"); pass the leaf that it was "
                    + "computed from, or detach() it and let it require grad")
        } else if !parameter.dtype.isFloatingPoint {
            refuse("can't optimize a tensor of \(parameter.dtype): it has no gradient")
        }
        if !seen.insert(ObjectIdentifier(parameter)).inserted {
            refuse("a parameter of shape \(parameter.shape) appears twice; pass each once")
        }
    }
    return groups
}

extension Collection {
    /// Drops the gradients of all parameters, or zeroes those that there are.
    func zeroGrad<Options>(setToNil: Bool) where Element == ParameterGroup<Options> {
        for parameter in self.flatMap(\.parameters) {
            if setToNil {
                parameter.grad = nil
            } else if let grad = parameter.grad {
                let zeroed = grad.requiresGrad ? grad.detach() : grad
                noGrad { _ = zeroed.zero_() }
                parameter.grad = zeroed
            }
        }
    }
}
