public import AdjointCore
import Synchronization

/// An optimiser for parameters of half width that keeps each of them in float32 beside it: steps
/// too small for the short type add up there, and what the network sees is the rounded sum.
///
///     model.to(.bfloat16)
///     let optimizer = MasterWeights(model.parameters()) { Adam($0, learningRate: 1e-3) }
///
/// Gradients of these parameters are gathered in float32 (`gradDType`). Parameters of other types
/// are optimised as they are. What else is written to a parameter, such as a state that is loaded,
/// is taken over before the next step.
public final class MasterWeights: Optimizer {
    private struct Pair {
        let parameter: Tensor
        /// The parameter itself where it is not of half width.
        let master: Tensor
        var isWide: Bool { parameter === master }
    }

    /// What moves the master weights.
    public let optimizer: any Optimizer
    private let pairs: [Pair]
    /// The version of each parameter after the last write from here.
    private let versions: Mutex<[Int]>

    /// - Parameters:
    ///   - parameters: The weights of half width.
    ///   - make: An optimiser of the master weights, which it is given in the order of the
    ///     parameters.
    public init(_ parameters: [Tensor], _ make: ([Tensor]) -> any Optimizer) {
        pairs = parameters.map { parameter in
            guard parameter.dtype == .bfloat16 || parameter.dtype == .float16 else {
                return Pair(parameter: parameter, master: parameter)
            }
            parameter.gradDType = .float32
            let wide = noGrad { parameter.detach().to(.float32) }
            return Pair(parameter: parameter, master: wide.requiresGrad_())
        }
        optimizer = make(pairs.map(\.master))
        versions = Mutex(pairs.map(\.parameter.version))
    }

    /// The weights in float32, in the order of the parameters.
    public var masters: [Tensor] { pairs.map(\.master) }

    public func step() {
        if Failure.isActive { return }
        takeChanges()
        giveGradients()
        optimizer.step()
        writeBack()
    }

    @discardableResult
    public func step(_ closure: () -> Tensor) -> Tensor {
        if Failure.isActive { return closure() }
        takeChanges()
        let loss = optimizer.step {
            // The closure may be called several times, each with other weights.
            writeBack()
            let loss = closure()
            giveGradients()
            return loss
        }
        writeBack()
        return loss
    }

    /// What was written to a parameter since the last step; elements that still are what their
    /// master weight rounds to say nothing new.
    private func takeChanges() {
        let seen = versions.withLock { $0 }
        noGrad {
            for (pair, version) in zip(pairs, seen)
            where !pair.isWide && pair.parameter.version != version {
                let now = pair.parameter.detach()
                let isSame = now .== pair.master.to(now.dtype)
                pair.master.copy_(Tensor.where(isSame, pair.master, now.to(.float32)))
            }
        }
    }

    private func giveGradients() {
        noGrad {
            for pair in pairs where !pair.isWide {
                pair.master.grad = pair.parameter.grad?.detach().to(.float32)
            }
        }
    }

    private func writeBack() {
        noGrad {
            for pair in pairs where !pair.isWide {
                pair.parameter.copy_(pair.master)
                pair.master.grad = nil
            }
        }
        versions.withLock { $0 = pairs.map(\.parameter.version) }
    }

    public func zeroGrad(setToNil: Bool) {
        optimizer.zeroGrad(setToNil: setToNil)
        for pair in pairs where !pair.isWide {
            if setToNil {
                pair.parameter.grad = nil
            } else if let grad = pair.parameter.grad {
                noGrad { _ = grad.detach().zero_() }
            }
        }
    }

    public var stepCount: Int? { optimizer.stepCount }
    public var learningRates: [Double] {
        get { optimizer.learningRates }
        set { optimizer.learningRates = newValue }
    }
    public var initialLearningRates: [Double]? {
        get { optimizer.initialLearningRates }
        set { optimizer.initialLearningRates = newValue }
    }
    public var momenta: [Double] {
        get { optimizer.momenta }
        set { optimizer.momenta = newValue }
    }

    /// The state of the optimiser inside, and the master weights as "master.0", counted through all
    /// parameters.
    public func stateDict() -> StateDict {
        var state = optimizer.stateDict()
        for (i, pair) in pairs.enumerated() where !pair.isWide {
            state["master.\(i)"] = pair.master.detach()
        }
        return state
    }

    /// Takes over what `stateDict()` gave.
    ///
    /// - Throws: `OptimizerStateError`, or an error of the optimiser inside, where it does not fit;
    ///   nothing is changed then.
    public func loadStateDict(_ state: StateDict) throws {
        var rest = state
        var found: [(master: Tensor, saved: Tensor)] = []
        for (i, pair) in pairs.enumerated() where !pair.isWide {
            guard let saved = rest.removeValue(forKey: "master.\(i)"),
                saved.shape == pair.master.shape
            else {
                throw OptimizerStateError(
                    description: "the state has no \"master.\(i)\" of shape \(pair.master.shape); "
                        + "load one that MasterWeights saved")
            }
            found.append((pair.master, saved))
        }
        try optimizer.loadStateDict(rest)
        noGrad { for (master, saved) in found { master.copy_(saved) } }
    }
}
