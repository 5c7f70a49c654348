import Adjoint
import Synchronization

/// One of the lab's loops, with a model of its own: a line through points, fitted by small batches.
final class AccumulationLoop {
    /// A parameter in a step: what was there, what came, what is there now.
    struct Change: Sendable, Encodable, Equatable {
        var name: String
        /// The gradient before the step's first batch; nil where there was none.
        var before: Float?
        /// What the step's batches brought together, and each of them.
        var incoming: Float
        var parts: [Float]
        /// The gradient that the optimiser saw.
        var after: Float
        /// The parameter after the optimiser's step.
        var value: Float
    }

    struct Step: Sendable, Encodable, Equatable {
        var step: Int
        /// The loss over all examples of the step, before it.
        var loss: Float
        var gradientNorm: Float
        var changes: [Change]
    }

    private let settings: AccumulationSettings
    private let weight = Tensor(Float(-0.5), requiresGrad: true)
    private let bias = Tensor(Float(0), requiresGrad: true)
    private let optimizer: SGD
    private let zeroes: Bool
    private let sizes: [Int]

    /// - Parameters:
    ///   - zeroes: Whether the gradients are emptied before each step.
    ///   - sizes: The sizes of a step's batches: one entry for one large batch.
    init(_ settings: AccumulationSettings, zeroes: Bool, sizes: [Int]) {
        self.settings = settings
        self.zeroes = zeroes
        self.sizes = sizes
        optimizer = SGD(
            [weight, bias], learningRate: settings.learningRate, momentum: settings.momentum,
            weightDecay: settings.weightDecay)
    }

    /// Takes one step over `x` and its targets, whose examples are the batches' one after another.
    func take(_ step: Int, _ x: Tensor, _ target: Tensor) -> Step {
        let parameters = [("w", weight), ("b", bias)]
        if zeroes { optimizer.zeroGrad(setToNil: settings.zeroing == .none) }
        let before = parameters.map { $0.1.grad.map { $0.item() as Float } }
        let arrivals = parameters.map { _ in Arrivals() }
        // What backward brings, as the library hands it to the leaf.
        let hooks = zip(parameters, arrivals).map { parameter, arrivals in
            parameter.1.registerHook { gradient in
                arrivals.add(gradient.item())
                return nil
            }
        }
        let loss = noGrad { mean(x, target) }
        var start = 0
        for size in sizes {
            let inputs = x.narrow(dim: 0, start: start, length: size)
            let targets = target.narrow(dim: 0, start: start, length: size)
            batchLoss(inputs, targets, of: x.shape[0]).backward()
            start += size
        }
        for hook in hooks { hook.remove() }
        let after = parameters.map { $0.1.grad?.item() ?? Float(0) }
        let norm = Tensor(after).norm().item() as Float
        optimizer.step()
        return Step(
            step: step, loss: loss.item(), gradientNorm: norm,
            changes: parameters.indices.map { index in
                let parts = arrivals[index].values
                return Change(
                    name: parameters[index].0, before: before[index],
                    incoming: Tensor(parts).sum().item(), parts: parts, after: after[index],
                    value: parameters[index].1.item())
            })
    }

    private func predict(_ x: Tensor) -> Tensor { weight * x + bias }

    private func mean(_ x: Tensor, _ target: Tensor) -> Tensor { mseLoss(predict(x), target) }

    private func batchLoss(_ x: Tensor, _ target: Tensor, of count: Int) -> Tensor {
        let isDivided = settings.divides && sizes.count > 1 && settings.reduction == .mean
        let loss =
            switch settings.reduction {
            case .mean: mean(x, target)
            case .sum: mseLoss(predict(x), target, reduction: .sum)
            case .total: mseLoss(predict(x), target, reduction: .sum) / count
            }
        return isDivided ? loss / sizes.count : loss
    }

    private final class Arrivals: Sendable {
        private let held = Mutex<[Float]>([])
        var values: [Float] { held.withLock { $0 } }
        func add(_ value: Float) { held.withLock { $0.append(value) } }
    }
}
